"""What this installation is made of, as CycloneDX 1.6 on stdout: every distribution that Doichieu brings, and the model with the hashes of its files.

``make sbom`` writes sbom.json, which any tool that reads CycloneDX looks up among known vulnerabilities. So does, over the network,
``pip-audit --requirement constraints.txt --no-deps --disable-pip``.
"""

import json
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MODEL = Path(__file__).resolve().parent.parent / "index" / "model"


def brought(name: str) -> dict[str, Distribution]:
    """The installed distributions that one needs, itself included, by name."""
    found: dict[str, Distribution] = {}
    pending = [(name, frozenset[str]())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while pending:
        name, extras = pending.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            # A dependency of another platform.
            continue
        for line in found[name].requires or ():
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
                pending.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    return dict(sorted(found.items()))


def library(name: str, installed: Distribution) -> dict[str, object]:
    """One distribution as a component."""
    metadata = installed.metadata
    licence = metadata.get("License-Expression") or (metadata.get("License") or "").split("\n")[0]
    component: dict[str, object] = {
        "type": "library",
        "name": name,
        "version": installed.version,
        "purl": f"pkg:pypi/{name}@{installed.version}",
    }
    return component | ({"licenses": [{"license": {"name": licence[:80]}}]} if licence else {})


def model() -> dict[str, object]:
    """The embedding model that ships, with the recorded hashes of its files."""
    sums = [line.split() for line in (MODEL / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    files = [{"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": content}]} for content, name in sums]
    return {"type": "machine-learning-model", "name": "doichieu-embedding", "components": files}


if __name__ == "__main__":
    own, *others = [
        library(name, found) for name, found in sorted(brought("doichieu").items(), key=lambda item: item[0] != "doichieu")
    ]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own | {"type": "application"}},
        "components": [*others, model()],
    }
    json.dump(bill, sys.stdout, indent=1)
