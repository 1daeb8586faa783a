"""A Ray cluster of two nodes in a network of its own, which has a loopback and nothing else; what runs in it cannot be reached from outside.

Ray listens on every address, even when told 127.0.0.1, so that a network namespace is what keeps it in. ``unshare`` starts this file as the first
process of a namespace of processes: whatever it has started ends with it. Run as ``two_nodes.py SCRIPT [ARGUMENTS]``.
"""

import fcntl
import os
import runpy
import socket
import struct
import subprocess
import sys
from pathlib import Path

UNSHARE = ("unshare", "--map-root-user", "--net", "--pid", "--fork", "--mount-proc")
HEAD = "127.0.0.1:6379"
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x41


def loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP_RUNNING))


def start_nodes(folder: str) -> None:
    """A head and a second node, one processor each; no dashboard, no usage statistics."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray = str(Path(sys.executable).with_name("ray"))
    common = ["--num-cpus", "1", "--object-store-memory", "100000000", "--node-ip-address", "127.0.0.1", "--disable-usage-stats"]
    head = ["--head", "--port", "6379", "--include-dashboard", "false", "--temp-dir", folder]
    for node in (head, ["--address", HEAD]):
        subprocess.run([ray, "start", *node, *common], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    loopback_up()
    start_nodes(sys.argv[1])
    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
    sys.stdout.flush()
