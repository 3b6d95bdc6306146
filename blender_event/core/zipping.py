"""A zip that is made while it is sent: bounded memory, whatever it holds."""

import zipfile
from collections.abc import Iterable, Iterator
from io import RawIOBase

from blender_event.core import storage
from blender_event.core.logs import log

MEDIA_TYPE = "application/zip"


class _Pipe(RawIOBase):
    """What the zip writes, until it is taken. It cannot go back, so the zip never asks it to."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, piece: object) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self._pieces.append(data)
        return len(data)

    def taken(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        yield from pieces


def streamed(files: Iterable[tuple[str, str, tuple[int, ...]]], missing: str) -> Iterator[bytes]:
    """Stored files as one zip: (name inside, storage key, local moment as year … second) each, in order, not compressed again.

    For a file that is not there a text of the same name says `missing`. One that breaks off halfway breaks the zip off.
    """
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as made:  # type: ignore[arg-type]
        for name, key, moment in files:
            try:
                pieces = storage.pieces(key)
            except storage.StorageFault as fault:
                log.warning("file left out of a zip", key=key, fault=type(fault).__name__)
                made.writestr(_info(f"{name}.txt", moment), missing)
            else:
                with made.open(_info(name, moment), "w") as entry:
                    for piece in pieces:
                        entry.write(piece)
                        yield from pipe.taken()
            yield from pipe.taken()
    yield from pipe.taken()


def _info(name: str, moment: tuple[int, ...]) -> zipfile.ZipInfo:
    """A plain file that anybody may read."""
    info = zipfile.ZipInfo(name, moment)  # type: ignore[arg-type]
    info.external_attr = 0o644 << 16
    return info
