"""Which server process holds a connection, from /proc; elsewhere than on Linux nobody knows."""

from __future__ import annotations

import os
from pathlib import Path


def _inode(port: int, peer: int) -> str | None:
    """The socket with which the server holds the connection from local port `peer`."""
    try:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    except OSError:
        return None
    here, there = f":{port:04X}", f":{peer:04X}"
    for line in lines:
        fields = line.split()
        if fields[1].endswith(here) and fields[2].endswith(there):
            return fields[9]
    return None


def holder(port: int, peer: int, processes: list[int]) -> int | None:
    """The one of `processes` that serves the connection made from local port `peer`."""
    inode = _inode(port, peer)
    if inode is None:
        return None
    for pid in processes:
        folder = Path(f"/proc/{pid}/fd")
        try:
            names = list(folder.iterdir())
        except OSError:
            continue
        for name in names:
            try:
                if os.readlink(name) == f"socket:[{inode}]":
                    return pid
            except OSError:
                continue
    return None


def resident(pid: int) -> float:
    """Megabytes of memory a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children(pid: int) -> list[int]:
    """The direct child processes."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return found
