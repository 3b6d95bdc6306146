"""Asking a virus scanner (clamd, by its INSTREAM command) about a file; without one, files are shown as not scanned."""

import contextlib
import socket
import struct
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from flask import current_app

from blender_event.core.errors import Problem, RuleBroken
from blender_event.core.logs import log
from blender_event.core.text import _

_PIECE = 64 * 1024
_CONNECT_SECONDS = 5
_ANSWER_SECONDS = 60
_LONGEST_ANSWER = 4096


class _NoAnswer(Exception):
    """The scanner is away, too slow, or says something else than yes or no."""


def verdict(path: Path) -> Literal["clean", "unscanned"]:
    """“clean”, or “unscanned” when no scanner is set. Takes seconds: never inside a transaction that writes.

    Raises `RuleBroken` for a virus. A scanner that is set but gives no answer also refuses the file: who wants scanned
    files does not get others by switching it off.
    """
    address = current_app.config["CLAMD"]
    if not address:
        return "unscanned"
    try:
        answer = _asked(address, path)
    except _NoAnswer as fault:
        log.error("virus scanner gives no answer", fault=str(fault))
        words = _("Your file could not be checked for viruses. Nothing was changed. Try again in a few minutes.")
        raise RuleBroken(Problem(words, "file")) from fault
    if answer.endswith(" FOUND"):
        log.warning("virus found")
        words = _("A virus was found in this file. Nothing was changed. Check your computer, and send a clean file.")
        raise RuleBroken(Problem(words, "file"))
    return "clean"


def _asked(address: str, path: Path) -> str:
    """What clamd says of the file: `stream: OK`, or `stream: <name> FOUND`. Raises `_NoAnswer`."""
    try:
        with _connected(address) as line, path.open("rb") as file:
            line.sendall(b"zINSTREAM\0")
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its limit is reached: the answer says so
                while piece := file.read(_PIECE):
                    line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
            answer = _heard(line)
    except OSError as fault:
        raise _NoAnswer(type(fault).__name__) from fault
    if answer != "stream: OK" and not answer.endswith(" FOUND"):
        raise _NoAnswer(answer.rpartition(" ")[2][:40] or "nothing")
    return answer


def _heard(line: socket.socket) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < _LONGEST_ANSWER:
        piece = line.recv(1024)
        if not piece:
            break
        heard += piece
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    """A line to `tcp://host:port` or `unix:/path`."""
    if address.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_CONNECT_SECONDS)
        try:
            line.connect(address.removeprefix("unix:").removeprefix("//"))
        except OSError:
            line.close()
            raise
    else:
        parts = urlsplit(address)
        line = socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 3310), _CONNECT_SECONDS)
    line.settimeout(_ANSWER_SECONDS)
    return line
