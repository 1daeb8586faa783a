"""A small learnt score: one hidden layer beside a linear one, as plain numbers that numpy alone works out."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

FOLDER = Path(__file__).parent / "learnt"


@dataclass(frozen=True, slots=True)
class Network:
    """Scores rows of ``inputs``, by name.

    ``score(x) = direct·z + out·tanh(hidden·z + bias) + base`` with ``z = (x - mean) / scale``: ``mean``, ``scale`` and ``direct`` are ``(d,)``,
    ``hidden`` is ``(d, h)``, ``bias`` and ``out`` are ``(h,)``.
    """

    inputs: tuple[str, ...]
    mean: FloatArray
    scale: FloatArray
    direct: FloatArray
    hidden: FloatArray
    bias: FloatArray
    out: FloatArray
    base: float

    def scores(self, table: FloatArray) -> FloatArray:
        """``(n,)`` for ``(n, d)``; higher is better."""
        z = (table - self.mean) / self.scale
        return np.asarray(z @ self.direct + np.tanh(z @ self.hidden + self.bias) @ self.out + self.base, dtype=np.float32)

    def to_json(self) -> str:
        """Numbers by name, for ``read``."""
        arrays = {name: getattr(self, name) for name in ("mean", "scale", "direct", "hidden", "bias", "out")}
        rows = {name: [[round(float(v), 4) for v in row] for row in np.atleast_2d(array)] for name, array in arrays.items()}
        lines = [f'  "inputs": {json.dumps(self.inputs)}', f'  "base": {round(self.base, 4)}']
        lines += [f'  "{name}": {json.dumps(values if name == "hidden" else values[0])}' for name, values in rows.items()]
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def read(cls, path: Path) -> "Network":
        """What ``to_json`` wrote."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        arrays = {name: np.array(stored[name], dtype=np.float32) for name in ("mean", "scale", "direct", "hidden", "bias", "out")}
        return cls(tuple(stored["inputs"]), **arrays, base=float(stored["base"]))


@lru_cache(maxsize=4)
def learnt_network(name: str) -> Network:
    """The network that ships under a name."""
    return Network.read(FOLDER / f"{name}.json")
