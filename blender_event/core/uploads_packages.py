"""What a PPTX or ODP must be inside: a zip without surprises that is read, and counted, to its last byte and kept opaque."""

import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from blender_event.core import uploads_parts as parts
from blender_event.core.text import Words, _

MOST_ENTRIES = 2000
MOST_BYTES = 500 * 1024 * 1024
MOST_RATIO = 200
_RATIO_FROM = 100_000  # below this an entry is too small to hurt, and honest ones squeeze that well
_MOST_TABLE = 1024 * 1024
_PIECE = 128 * 1024
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ODP = b"application/vnd.oasis.opendocument.presentation"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_PPTX_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_EMBEDDED_MAIN = re.compile(
    r"application/vnd\.openxmlformats-officedocument\.(spreadsheetml\.sheet|wordprocessingml\.document|presentationml\.presentation"
    r"|presentationml\.slide)\.main\+xml"
)
_EMBEDDED = re.compile(r"ppt/embeddings/[^/]+\.(xlsx|docx|pptx|sldx)", re.IGNORECASE)
_DOUBTFUL_NAME = re.compile(r"[\x00-\x1f\\]|^/|^[A-Za-z]:|(^|/)\.\.?(/|$)|//")
_PROGRAMS = re.compile(
    r"(^|/)(vbaProject\w*\.(bin|xml)|vbaData\.xml)$|^(ppt|xl|word)/activeX/|(^|/)(Basic|Scripts)/", re.IGNORECASE
)
_NAMED_ARCHIVE = re.compile(
    r"\.(zip|7z|rar|t?gz|tar|bz2|xz|zst|jar|cab|iso|exe|msi|dll|scr|js|vbs|ps1|bat|cmd|lnk|hta)$", re.IGNORECASE
)
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
)


class Refused(Exception):
    """This package may not be kept; the words say why, and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


def problem(path: Path, kind: str) -> Words | None:
    """What is wrong with this `pptx` or `odp`, in words that say what to do, or None."""
    try:
        with path.open("rb") as file:
            _Package(file, kind, _Budget()).read()
    except Refused as refused:
        return refused.words
    except parts.Doubtful as doubt:
        return doubt.words
    return None


class _Budget:
    """What a package and everything in it may hold together."""

    def __init__(self) -> None:
        self.entries = MOST_ENTRIES
        self.bytes = MOST_BYTES

    def take_entries(self, number: int) -> None:
        self.entries -= number
        if self.entries < 0:
            raise Refused(_("This file has more than %(most)s parts. Save it as PDF.", most=MOST_ENTRIES))

    def take(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise Refused(_("What is in this file is too large. Make the pictures in it smaller, or save it as PDF."))


class _Package:
    """One zip of a document, seen through its table of contents and read to the end. `kind`: pptx, odp or embedded."""

    def __init__(self, file: IO[bytes], kind: str, budget: _Budget) -> None:
        self.file = file
        self.kind = kind
        self.budget = budget
        self.types = parts.ContentTypes()

    def read(self) -> None:
        """Raises `Refused`."""
        entries = self._table()
        self._declared(entries)
        for entry in entries:
            self._entry(entry)
        names = {entry.filename for entry in entries}
        if self.kind == "odp":
            is_whole = {"content.xml", "META-INF/manifest.xml"} <= names
        else:
            main = self.types.main_part(_PPTX_MAIN if self.kind == "pptx" else _EMBEDDED_MAIN)
            is_whole = main in names
        if not is_whole:
            raise Refused(_not_that(self.kind))

    def _table(self) -> list[zipfile.ZipInfo]:
        """The table of contents, after making sure that every reader sees this one and that it is small enough to read."""
        self.file.seek(0, 2)
        size = self.file.tell()
        self.file.seek(max(0, size - _END.size))
        mark, disk, of_disk, here, count, length, at, comment = _END.unpack(self.file.read().rjust(_END.size, b"\0"))
        is_plain = mark == b"PK\x05\x06" and disk == of_disk == comment == 0 and here == count
        if not is_plain or at + length + _END.size != size:
            raise Refused(_damaged())
        self.budget.take_entries(count)
        if length > _MOST_TABLE:
            raise Refused(_damaged())
        try:
            entries = zipfile.ZipFile(self.file).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as fault:
            raise Refused(_damaged()) from fault
        if len(entries) != count:
            raise Refused(_damaged())
        self._places(entries, at)
        return entries

    def _places(self, entries: list[zipfile.ZipInfo], end: int) -> None:
        """The entries stand side by side from the first byte on: nothing before them, nothing over each other."""
        placed = sorted(entries, key=lambda entry: entry.header_offset)
        if not placed or placed[0].header_offset != 0:
            raise Refused(_damaged())
        for entry, follower in zip(placed, [*(other.header_offset for other in placed[1:]), end], strict=True):
            if self._start(entry) + entry.compress_size > follower:
                raise Refused(_damaged())

    def _start(self, entry: zipfile.ZipInfo) -> int:
        """Where the bytes of an entry begin; its own header must say what the table says."""
        self.file.seek(entry.header_offset)
        head = self.file.read(_LOCAL.size)
        if len(head) < _LOCAL.size:
            raise Refused(_damaged())
        mark, _version, flags, method, *_rest, name_length, extra_length = _LOCAL.unpack(head)
        name = self.file.read(name_length).decode("utf-8" if flags & 0x800 else "cp437", "replace")
        if mark != b"PK\x03\x04" or method != entry.compress_type or name != entry.orig_filename:
            raise Refused(_damaged())
        if flags & _ENCRYPTED:
            raise Refused(_has_password())
        return entry.header_offset + _LOCAL.size + name_length + int(extra_length)

    def _declared(self, entries: list[zipfile.ZipInfo]) -> None:
        """What the table says of each entry is acceptable, before a byte is unpacked."""
        if len({entry.orig_filename.casefold() for entry in entries}) != len(entries):
            raise Refused(_damaged())
        if sum(entry.file_size for entry in entries) > self.budget.bytes:
            self.budget.take(self.budget.bytes + 1)
        if self.kind == "odp":
            first = min(entries, key=lambda entry: entry.header_offset)
            if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED:
                raise Refused(_not_that("odp"))
        for entry in entries:
            _acceptable(entry)

    def _entry(self, entry: zipfile.ZipInfo) -> None:
        """Read one entry to its end: as long as it says, as whole as it says, and nothing that runs in it."""
        watch = self._watcher(entry)
        held, crc, start = 0, 0, b""
        embedded = tempfile.TemporaryFile() if self.kind != "embedded" and _EMBEDDED.fullmatch(entry.filename) else None  # noqa: SIM115
        try:
            for piece in self._unpacked(entry):
                held += len(piece)
                crc = zlib.crc32(piece, crc)
                if len(start) < 8:
                    start += piece[:8]
                if embedded:
                    embedded.write(piece)
                watch(piece)
            if held != entry.file_size or crc != entry.CRC:
                raise Refused(_damaged())
            watch(b"")
            if embedded:
                _Package(embedded, "embedded", self.budget).read()
            elif start.startswith(_ARCHIVES):
                raise Refused(_holds_another())
        finally:
            if embedded:
                embedded.close()

    def _watcher(self, entry: zipfile.ZipInfo) -> Callable[[bytes], None]:
        """Who looks at the bytes of this entry while they pass; an empty piece is the end."""
        name = entry.filename
        if self.kind == "odp" and name == "mimetype":
            return parts.Exact(_ODP, _not_that("odp"))
        if self.kind == "odp" and name == "META-INF/manifest.xml":
            return parts.Manifest(_has_password())
        if self.kind != "odp" and name == "[Content_Types].xml":
            return self.types
        if self.kind != "odp" and name.casefold().endswith(".rels"):
            return parts.Relations()
        return parts.OldOffice()

    def _unpacked(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of an entry as they really are, in pieces of bounded size, whatever the table says about their number."""
        self.file.seek(self._start(entry))
        left, said = entry.compress_size, 0
        unpack = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        try:
            while left > 0:
                raw = self.file.read(min(left, _PIECE))
                left -= len(raw)
                if not raw:
                    raise Refused(_damaged())
                for piece in _inflated(unpack, raw) if unpack else (raw,):
                    said += len(piece)
                    self.budget.take(len(piece))
                    if said > entry.file_size:
                        raise Refused(_damaged())
                    yield piece
        except zlib.error as fault:
            raise Refused(_damaged()) from fault
        if unpack and (not unpack.eof or unpack.unused_data):
            raise Refused(_damaged())


def _inflated(unpack: "zlib._Decompress", raw: bytes) -> Iterator[bytes]:
    while raw and not unpack.eof:
        yield unpack.decompress(raw, _PIECE)
        raw = unpack.unconsumed_tail


def _acceptable(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    if entry.flag_bits & _ENCRYPTED:
        raise Refused(_has_password())
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refused(_damaged())
    if _DOUBTFUL_NAME.search(name) or stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(_("This file has parts with strange names. Save it as PDF and choose that file."))
    if _PROGRAMS.search(name):
        raise Refused(parts.has_programs())
    if _NAMED_ARCHIVE.search(name):
        raise Refused(_holds_another())
    if entry.file_size > _RATIO_FROM and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
        raise Refused(_("What is in this file is too large. Make the pictures in it smaller, or save it as PDF."))


def _damaged() -> Words:
    return _("This file is damaged. Open it, save it again and choose it again, or save it as PDF.")


def _has_password() -> Words:
    return _("This file has a password. Save it without a password and choose it again.")


def _holds_another() -> Words:
    return _("Another file is packed in this presentation. Take it out, or save the presentation as PDF.")


def _not_that(kind: str) -> Words:
    if kind == "embedded":
        return _holds_another()
    return parts.something_else(kind.upper())
