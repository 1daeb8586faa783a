"""Answers beside a plain LangChain + Chroma + MiniLM chain, on the project's own cases: ``python -m benchmarks.answers``.

The chain embeds paragraphs with all-MiniLM-L6-v2, keeps them in Chroma, and answers with the sentence of the best paragraph that is nearest to the
question, as no chat model is at hand on either side. It needs ``pip install 'doichieu[bench]'``. Figures about citations are left out: it has none.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable, RunnableLambda

from assistant import Assistant
from assistant.evaluation.case_files import load_cases
from assistant.evaluation.cases import Case
from assistant.evaluation.comparing import compare_runs
from assistant.evaluation.gates import EVERY, LATENCY, find_suite
from assistant.evaluation.response import Quote, Response
from assistant.evaluation.runner import Run, run_cases
from assistant.evaluation.scoring import METRICS, K, Sources
from assistant.evaluation.systems import AssistantSystem
from index.language import detect_language
from index.library import Library
from index.sentences import split_sentences
from training.distil import teacher_folder

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"


class MiniLM(Embeddings):
    """all-MiniLM-L6-v2 through sentence-transformers."""

    def __init__(self) -> None:
        from sentence_transformers import SentenceTransformer

        self._model = SentenceTransformer(str(teacher_folder()), device="cpu", local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors."""
        vectors: list[list[float]] = self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """A unit vector."""
        return self.embed_documents([text])[0]


class PlainChain:
    """Retrieve, then answer with the nearest sentence: a chain as tutorials build it, over the paragraphs of a library."""

    name = fingerprint = "LangChain + Chroma + MiniLM"
    sources = Sources()

    def __init__(self, library: Library, embeddings: MiniLM) -> None:
        passages = [p for name in library.articles() for v in library.article(name).versions for p in v.passages]
        documents = [Document(p.text, metadata={"article": p.article, "version": p.version}) for p in passages]
        self._embeddings = embeddings
        self._store = Chroma(f"plain-{id(self)}", embeddings, collection_metadata={"hnsw:space": "cosine"})
        self._store.add_documents(documents, ids=[p.id for p in passages])
        self._chain: Runnable[dict[str, Any], dict[str, Any]] = RunnableLambda(self._retrieve) | RunnableLambda(self._answer)

    def respond(self, case: Case) -> Response:
        """Run the chain; a follow-up is asked with the question before it, as it has no other context."""
        started = time.perf_counter()
        question = " ".join([*(asked for asked, _ in case.history[-1:]), case.question])
        out = self._chain.invoke({"question": question, "articles": case.articles})
        elapsed = (time.perf_counter() - started) * 1000
        contexts = tuple(Quote(d.page_content, d.metadata["article"], d.metadata["version"]) for d in out["documents"])
        language = detect_language(out["answer"])
        return Response(out["answer"], language, True, contexts=contexts, timings_ms={"total": elapsed})

    def _retrieve(self, asked: dict[str, Any]) -> dict[str, Any]:
        among = {"article": {"$in": list(asked["articles"])}} if asked["articles"] else None
        return {**asked, "documents": self._store.similarity_search(asked["question"], k=K, filter=among)}

    def _answer(self, found: dict[str, Any]) -> dict[str, Any]:
        text = found["documents"][0].page_content
        sentences = [text[start:end] for start, end in split_sentences(text)]
        vectors = np.array(self._embeddings.embed_documents([found["question"], *sentences]))
        return {**found, "answer": sentences[int(np.argmax(vectors[1:] @ vectors[0]))]}


def main() -> None:
    """Run both over the same cases and print their means side by side."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--cases", type=Path, default=CASES, help="a folder of case files with their suite.toml")
    embeddings, ours, plain = MiniLM(), [], []
    for path in sorted(parser.parse_args().cases.glob("*.cases.jsonl")):
        cases = load_cases([path])
        with Assistant.open(find_suite(path).libraries.get(path.name)) as assistant:
            ours.append(run_cases(AssistantSystem(assistant), cases))
            plain.append(run_cases(PlainChain(assistant.library, embeddings), cases))
    _print(_joined(plain), _joined(ours))


def _joined(runs: list[Run]) -> Run:
    return Run(runs[0].system, tuple(outcome for run in runs for outcome in run.outcomes))


def _print(plain: Run, ours: Run) -> None:
    print(f"{len(ours.outcomes)} cases\n{'':16}{plain.system:>30}{ours.system:>12}   paired difference, 95 %")
    changes = {change.metric: change for change in compare_runs(plain, ours).changes if change.group == EVERY}
    for metric in METRICS:
        if metric in changes:
            change = changes[metric]
            interval = f"[{change.difference.low:+.3f}, {change.difference.high:+.3f}] {change.verdict}"
            print(f"{metric:16}{change.before:30.3f}{change.after:12.3f}   {interval}")
    for name in LATENCY:
        print(f"{name + ' ms':16}{plain.mean(EVERY, name) or 0:30.1f}{ours.mean(EVERY, name) or 0:12.1f}")


if __name__ == "__main__":
    main()
