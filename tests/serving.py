"""A running `doichieu serve`, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Server:
    """Where it listens, its process, and what it has logged."""

    address: str
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def stop(self, *, within: float) -> int:
        """Tell it to stop, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=within)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(library: Path, *arguments: str, **environment: str) -> Iterator[Server]:
    """Serve a library, and end it at last."""
    port, log = free_port(), library.with_name(f"{library.name}.log")
    command = [sys.executable, "-m", "assistant", "serve", "--library", str(library), "--port", str(port), *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=ROOT, env=os.environ | environment)
        server = Server(f"http://127.0.0.1:{port}", process, log)
        try:
            _wait(server)
            yield server
        finally:
            process.kill()
            process.wait()


def _wait(server: Server) -> None:
    """Ask until the server answers; one that ended is an error at once."""
    for _ in range(1_200):
        if server.process.poll() is not None:
            pytest.fail(f"the server ended: {server.log[-2000:]}")
        try:
            with urllib.request.urlopen(f"{server.address}/healthz", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            try:
                server.process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail("the server did not answer within two minutes")
