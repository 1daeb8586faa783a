"""Indexing on a real Ray cluster of two nodes (``two_nodes``)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from extras import need
from samples import ENGLISH
from two_nodes import HEAD, UNSHARE

from index.embedding import Embedder
from index.errors import LibraryError, MissingExtra
from index.folder import ArticleFile
from index.indexing import group
from index.library import Library
from index.ray_shards import make_apart, parcel, unpack

ROOT = Path(__file__).resolve().parent.parent
# One file a shard, and each made slowly enough for both nodes to be at work; each notes the node that it is on.
JOB = """
import sys, time
from pathlib import Path
import index.bulk, index.ray_shards
from index.library import Library

index.bulk.SHARD_GROUPS = 1
make, nodes = index.ray_shards.make_apart, Path(sys.argv[3])

def noted(model, parcels):
    import ray
    (nodes / ray.get_runtime_context().get_node_id()).touch()
    time.sleep(1)
    return make(model, parcels)

index.ray_shards.make_apart = noted
with Library.open(sys.argv[1], create=True) as library:
    added = library.add([Path(sys.argv[2])], cluster=sys.argv[4])
    print(len(added), library.check())
    library.rebuild(cluster=sys.argv[4])
    print(len(library.articles()), library.check())
"""


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """Five JSONL files of four articles each."""
    folder = tmp_path / "shards"
    folder.mkdir()
    for number in range(5):
        rows = [
            {
                "id": f"a{number}{row}",
                "title": f"Bridge {number}{row}",
                "text": f"{ENGLISH}\nBridge number {number}{row} is counted.\n",
            }
            for row in range(4)
        ]
        (folder / f"part{number}.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return folder


def contents(place: Path, embedder: Embedder) -> dict[str, list[str]]:
    with Library.open(place, embedder=embedder) as library:
        return {
            name: [f"{v.id} {p.id}: {p.text}" for v in library.article(name).versions for p in v.passages]
            for name in library.articles()
        }


@pytest.mark.slow
def test_two_nodes_make_the_library_that_one_process_makes(shards: Path, tmp_path: Path, embedder: Embedder) -> None:
    need("ray")
    if shutil.which("unshare") is None or subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives no network namespace, and Ray would listen on every address")
    with Library.open(tmp_path / "own", create=True, embedder=embedder) as own:
        own.add(shards)
    (tmp_path / "job.py").write_text(JOB, encoding="utf-8")
    (tmp_path / "nodes").mkdir()
    # Ray's sockets have long names, and the system allows short ones.
    with TemporaryDirectory(prefix="ray") as short:
        cluster = [*UNSHARE, sys.executable, str(ROOT / "tests" / "two_nodes.py"), short]
        job = [tmp_path / "job.py", tmp_path / "shared", shards, tmp_path / "nodes", HEAD]
        done = subprocess.run([*cluster, *map(str, job)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == "20 []\n" * 2
    assert len(list((tmp_path / "nodes").iterdir())) == 2
    assert contents(tmp_path / "shared", embedder) == contents(tmp_path / "own", embedder)
    assert not (tmp_path / "shared" / ".doichieu" / "shards").exists()


def test_what_travels_comes_back_under_its_own_paths(folder: Path, tmp_path: Path) -> None:
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 8)
    files = [ArticleFile(path, path.name) for path in sorted(folder.iterdir())]
    groups = list(group(files).values())
    unpack(make_apart("", [parcel(one) for one in groups]), tmp_path / "shard", groups)
    assert [(one.name, one.made) for one in groups] == [("bridge", ["bridge"]), ("noise", [])]
    assert [file.path for file in groups[0].files] == [folder / "bridge.en.txt", folder / "bridge.vi.txt"]
    assert [(file.path, problem[:9]) for file, problem in groups[1].problems.items()] == [(folder / "noise.txt", "noise.txt")]


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_named(shards: Path, tmp_path: Path) -> None:
    need("ray")
    with Library.open(tmp_path / "own", create=True) as own, pytest.raises(LibraryError, match=r"127\.0\.0\.1:9"):
        own.add(shards, cluster="127.0.0.1:9")


def test_without_ray_the_command_that_brings_it_is_named(
    shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    monkeypatch.setattr("index.ray_shards.find_spec", lambda name: None)
    with Library.open(tmp_path / "own", create=True, embedder=embedder) as own:
        with pytest.raises(MissingExtra, match=r"doichieu\[ray\]"):
            own.add(shards, cluster="127.0.0.1:6379")
        own.add(shards)
        with pytest.raises(MissingExtra, match=r"doichieu\[ray\]"):
            own.rebuild(cluster="127.0.0.1:6379")
