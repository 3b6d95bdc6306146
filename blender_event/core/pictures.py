"""Pictures of pages and portraits, made in a separate process that may use little and know nothing."""

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PORTRAIT_SIDE = 640
MOST_BYTES = 4 * 1024 * 1024
_CHILD = Path(__file__).with_name("pictures_child.py")
_SECONDS = 40


class Broken(Exception):
    """No picture can be made of this file; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Page:
    """The first page as a JPEG of at most 800 pixels, and how many pages or slides there are."""

    picture: bytes
    width: int
    height: int
    pages: int


@dataclass(frozen=True, slots=True)
class Crop:
    """A square part of a picture: its left and top as fractions of width and height, its side as one of the shorter side."""

    x: float
    y: float
    size: float


def first_page(path: Path, kind: str) -> Page | None:
    """The first page of a `pdf`, `pptx` or `odp`; None when the file has no picture of it inside. Raises `Broken`.

    Takes seconds, and up to forty with a file made to break it: never inside a request or a transaction.
    """
    told, picture = _made(path, "first_page", kind)
    if not picture:
        return None
    return Page(picture, int(told["width"]), int(told["height"]), int(told["pages"]))


def pages_in(path: Path, kind: str) -> int:
    """How many pages or slides there are, also where the file has no picture of its first. Raises `Broken`."""
    told, _picture = _made(path, "first_page", kind)
    return int(told["pages"])


def portrait(path: Path, crop: Crop | None = None) -> bytes:
    """A square JPEG of 640 pixels without anything else in it; without a crop, the middle. Raises `Broken`."""
    wanted = [crop.x, crop.y, crop.size] if crop else []
    if not all(map(math.isfinite, wanted)):
        raise Broken("a crop that is no number")
    _told, picture = _made(path, "portrait", *map(str, wanted))
    return picture


def _made(path: Path, *words: str) -> tuple[dict[str, int], bytes]:
    """What the child says about the file, and the picture it made. Nothing of ours is imported there, nothing else is open.

    It limits its own memory, processor time and output before it looks at the file; we wait only so long.
    """
    with path.open("rb") as file, tempfile.TemporaryFile() as out:
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", str(_CHILD), *words],
            stdin=file,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
        try:
            ended = child.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            ended = None
        finally:
            _end(child)
        if ended != 0:
            raise Broken(f"{words[0]}: {'no answer in time' if ended is None else f'ended with {ended}'}")
        out.seek(0)
        return _read(out.read(MOST_BYTES + 1), words[0])


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nothing that the child started is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _read(said: bytes, word: str) -> tuple[dict[str, int], bytes]:
    """One line of JSON, then the JPEG; whatever else comes is the work of a file that took the child over."""
    line, _break, picture = said.partition(b"\n")
    try:
        told = {name: int(number) for name, number in json.loads(line).items()}
        is_sound = len(said) <= MOST_BYTES and 0 < told["pages"] < 100_000
    except (ValueError, TypeError, KeyError, AttributeError) as odd:
        raise Broken(f"{word}: an odd answer") from odd
    if not is_sound or (picture and not picture.startswith(b"\xff\xd8\xff")):
        raise Broken(f"{word}: an odd answer")
    return told, picture
