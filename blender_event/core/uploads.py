"""What an uploaded file is: checked against its name, its first bytes and its own table of contents before anybody keeps it."""

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from blender_event.core import storage, text, uploads_packages, uploads_parts
from blender_event.core.errors import Problem, RuleBroken
from blender_event.core.text import Words, _

SLIDES = frozenset({"pdf", "pptx", "odp"})
DOCUMENTS = frozenset({"pdf"})
PICTURES = frozenset({"png", "jpeg"})
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "png": "image/png",
    "jpeg": "image/jpeg",
}
_KINDS = {"pdf": "pdf", "pptx": "pptx", "odp": "odp", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "jfif": "jpeg"}
_SHOWN = {"pdf": "PDF", "pptx": "PPTX", "odp": "ODP", "png": "PNG", "jpeg": "JPEG"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PIECE = 256 * 1024
_LONGEST_NAME = 150
_ACTIVE = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|svg|iframe|\?php)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is what it says: where it lies for now, its name to show, its kind, type, size and fingerprint."""

    path: Path
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str


class Landed:
    """A file while it comes in: written to the disk of the store, counted and hashed at the same time. `discard` it in the end."""

    def __init__(self, folder: Path) -> None:
        number, name = tempfile.mkstemp(prefix="landing-", dir=folder)
        self.path = Path(name)
        self.size = 0
        self._hash = hashlib.sha256()
        self._file = os.fdopen(number, "w+b")

    def write(self, piece: bytes) -> int:
        self._file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)
        return len(piece)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def settle(self) -> None:
        """Everything that was written can be read by its path."""
        self._file.flush()

    def discard(self) -> None:
        """Nothing is left of it."""
        with contextlib.suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@contextlib.contextmanager
def received(file: FileStorage | None, *, kinds: Collection[str], most_bytes: int) -> Iterator[Upload]:
    """The file of a form, if it is what it says and is allowed here. Its place on the disk is gone when the block ends.

    Ask no question to the database before or inside that may write: reading and checking can take seconds.
    Raises `RuleBroken` with a problem beside `file`, in words that say what to do; `storage.Full` when the disk is full.
    """
    if not isinstance(file, FileStorage) or not file.filename:  # a form may send words under this name
        raise RuleBroken(Problem(_("Choose a file."), "file"))
    name = shown_name(file.filename)
    kind = _kind(name, kinds)
    landed = _landed(file, most_bytes)
    try:
        if landed.size > most_bytes:
            raise _too_large(most_bytes)
        landed.settle()
        problem = _look(landed.path, kind, landed.size)
        if problem is not None:
            raise RuleBroken(Problem(problem, "file"))
        yield Upload(landed.path, name, kind, MEDIA_TYPES[kind], landed.size, landed.sha256)
    finally:
        landed.discard()


def forget_landed(older_than: float) -> None:
    """Remove what a killed process left while it came in, before this moment (seconds since 1970)."""
    for left in storage.incoming().iterdir():
        with contextlib.suppress(FileNotFoundError):
            if left.stat().st_mtime < older_than:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def wants_json() -> bool:
    """Whether a script sent this and reads JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def shown_name(given: str) -> str:
    """What a file is called, without folders, cleaned for display; its ending stays. Never used as a path."""
    bare = text.clean(re.split(r"[/\\]", given)[-1], longest=1000).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    if not dot:
        return bare[:_LONGEST_NAME]
    ending = ending[:10]
    return f"{stem[: _LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"


def kinds_in_words(kinds: Collection[str]) -> str:
    """The kinds as people know them, such as “ODP, PDF, PPTX”."""
    return ", ".join(sorted(_SHOWN[kind] for kind in kinds))


def size_in_words(size: int) -> str:
    """A size as people know it: 50 MB, 700 kB."""
    return f"{size / 1024 / 1024:.0f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} kB"


def _kind(name: str, kinds: Collection[str]) -> str:
    _stem, dot, ending = name.casefold().rpartition(".")
    kind = _KINDS.get(ending) if dot else None
    if kind is None or kind not in kinds:
        raise RuleBroken(Problem(_advice(ending, kinds), "file"))
    return kind


def _advice(ending: str, kinds: Collection[str]) -> Words:
    """What to do with a file of a kind that is not taken here."""
    allowed = kinds_in_words(kinds)
    if ending in ("pptm", "ppsm", "potm", "ppsx", "potx", "ppt", "pps", "key", "otp") and "pptx" in kinds:
        return _("Save your presentation as PPTX, ODP or PDF and choose that file.")
    if ending == "svg":
        return _("An SVG can hold a program. Choose a file of this kind: %(kinds)s.", kinds=allowed)
    return _("Choose a file of this kind: %(kinds)s.", kinds=allowed)


def _too_large(most_bytes: int) -> RuleBroken:
    words = _(
        "This file is larger than %(size)s. Make the pictures in it smaller, or save it as PDF.",
        size=size_in_words(most_bytes),
    )
    return RuleBroken(Problem(words, "file"))


def _landed(file: FileStorage, most_bytes: int) -> Landed:
    """The file on disk: as it landed while the request was read, else written now, up to just over what is allowed."""
    if isinstance(file.stream, Landed):
        return file.stream
    landed = Landed(storage.incoming())
    try:
        while landed.size <= most_bytes:
            piece = file.stream.read(_PIECE)
            if not piece:
                break
            landed.write(piece)
        landed.settle()
    except OSError as fault:
        landed.discard()
        raise storage.Full("incoming") from fault
    return landed


def _look(path: Path, kind: str, size: int) -> Words | None:
    """What is wrong with a file of this kind, in words, or None."""
    if size == 0:
        return _("This file is empty. Choose another one.")
    with path.open("rb") as file:
        start = file.read(1024)
        file.seek(max(0, size - 65_557))
        end = file.read()
    if kind == "pdf":
        return _look_at_pdf(start, end, size)
    if kind in PICTURES:
        return _look_at_picture(start, kind)
    if start.startswith(_OLD_OFFICE):
        return _("This file has a password or an old format. Save it without a password as PPTX, ODP or PDF.")
    if not start.startswith(b"PK\x03\x04"):
        return _not_that(kind)
    return uploads_packages.problem(path, kind)


def _not_that(kind: str) -> Words:
    return uploads_parts.something_else(_SHOWN[kind])


def _look_at_pdf(start: bytes, end: bytes, size: int) -> Words | None:
    """The header first (white space or a byte order mark may precede it), the mark of the end, and no other file around it."""
    if not re.match(rb"(\xef\xbb\xbf)?[\s\0]*%PDF-[12]\.\d", start) or _ACTIVE.search(start):
        return _not_that("pdf")
    if _ends_as_zip(end, size):
        return _("Another file is hidden in this PDF. Save it as PDF again.")
    if b"%%EOF" not in end.rstrip(b"\0\t\r\n ")[-4096:]:
        return _("This PDF stops halfway. Save it again, or choose it again.")
    return None


def _ends_as_zip(end: bytes, size: int) -> bool:
    """Whether programs that open zips, which forgive what comes before and after, would find a table of contents."""
    at = end.rfind(b"PK\x05\x06")
    while at >= 0:
        length = int.from_bytes(end[at + 12 : at + 16], "little")
        if 0 < length <= at and end[at - length :].startswith(b"PK\x01\x02"):
            return True
        if at < length < size - len(end) + at:
            return True  # it begins before what was read, as only a large one does
        at = end.rfind(b"PK\x05\x06", 0, at)
    return False


def _look_at_picture(start: bytes, kind: str) -> Words | None:
    is_png = start.startswith(b"\x89PNG\r\n\x1a\n") and start[12:16] == b"IHDR"
    is_jpeg = start.startswith(b"\xff\xd8\xff")
    if (kind == "png" and is_png) or (kind == "jpeg" and is_jpeg):
        return None
    return _not_that(kind)
