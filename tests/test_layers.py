"""Imports run one way, and heavy libraries are imported in one place each, where they are used."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("index", "assistant", "prompts")
MODULES = [*sorted(path for folder in _PACKAGES for path in (ROOT / folder).rglob("*.py")), ROOT / "app.py"]

# Which files may import a heavy library at all; nowhere may it happen when a module is imported.
QUARANTINE = {
    "gradio": ("assistant/ui/",),
    "langchain": ("assistant/chat_model.py", "assistant/generative.py", "assistant/langchain_surface.py"),
    "langchain_core": (
        "assistant/chat_model.py",
        "assistant/generative.py",
        "assistant/langchain_surface.py",
        "assistant/engine.py",
        "assistant/evaluation/",
        "index/retriever.py",
        "index/library.py",
    ),
    "mcp": ("assistant/ui/tools.py",),
    "chromadb": ("index/chroma.py",),
    "pymilvus": ("index/milvus",),
    "milvus_lite": ("index/milvus.py",),
    "ray": ("index/ray_shards.py",),
    "sentence_transformers": ("index/embedding.py",),
    "torch": ("index/embedding.py",),
    "transformers": ("index/embedding.py",),
    "pytest": ("assistant/evaluation/plugin",),
}

# A lower layer never imports a higher one: the numbers rise from the ground up.
LAYERS = {
    "index": 0,
    "prompts": 0,
    "assistant.answer": 1,
    "assistant.settings": 1,
    "assistant.rendering": 2,
    "assistant.progress": 2,
    "assistant.engine": 4,
    "assistant.evaluation": 5,
    "assistant.ui": 6,
    "assistant.commands": 7,
    "assistant.cli": 8,
    "assistant.__main__": 9,
    "app": 9,
}
MIDDLE = 3  # answerers, evidence, conversation, citations


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer(name: str) -> int | None:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        found = LAYERS.get(".".join(parts[:length]))
        if found is not None:
            return found
    return MIDDLE if parts[0] == "assistant" and len(parts) > 1 else None


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    """Every import that can run, wherever it stands; those for the type checker alone are none."""
    unreal = {
        id(n)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for n in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in unreal:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


def at_import(tree: ast.Module) -> set[ast.stmt]:
    """Statements that run when the module is imported: not inside functions, not under TYPE_CHECKING."""
    found: set[ast.stmt] = set()
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        found.add(node)
        for field in ("body", "orelse", "finalbody"):
            pending += [child for child in getattr(node, field, []) if isinstance(child, ast.stmt)]
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_run_one_way(path: Path) -> None:
    name, own = module_name(path), layer(module_name(path))
    for imported, _ in imports(ast.parse(path.read_text(encoding="utf-8"))):
        other = layer(imported)
        if own is None or other is None or imported.split(".")[0] not in ("index", "prompts", "assistant", "app"):
            continue
        assert other <= own, f"{name} (layer {own}) imports {imported} (layer {other})"
        if name.startswith("index"):
            assert imported.startswith("index"), f"{name} imports {imported}"
        if name.startswith("prompts"):
            assert imported.startswith("prompts"), f"{name} imports {imported}"


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_heavy_libraries_are_imported_in_their_place_and_only_when_used(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    eager = at_import(tree)
    relative = path.relative_to(ROOT).as_posix()
    # The page and the retriever are themselves imported only when they are used.
    itself_lazy = relative.startswith(
        ("assistant/ui/", "assistant/langchain_surface", "index/retriever", "assistant/evaluation/plugin")
    )
    for imported, node in imports(tree):
        package = imported.split(".")[0]
        if package in QUARANTINE:
            assert relative.startswith(QUARANTINE[package]), f"{relative} imports {package}"
            assert node not in eager or itself_lazy, f"{relative}:{node.lineno} imports {package} when it is itself imported"


def test_importing_the_assistant_is_silent_and_brings_nothing_heavy() -> None:
    code = "import sys, assistant, index; print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv[1:])))"
    heavy = ["torch", "gradio", "chromadb", "sentence_transformers", "langchain", "langchain_core", "transformers", "numpy"]
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "[]\n"
    assert done.stderr == ""
