"""Files, opaque and outside the web root, through one library for local folders and object stores alike."""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from flask import current_app
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

PIECE = 256 * 1024
_RANGE = 1024 * 1024
_PART = 5 * 1024 * 1024  # the smallest part an object store takes
_AREA = re.compile(r"[a-z]{1,20}")
_OURS = re.compile(r"[a-z]{1,20}/[0-9a-f]{2}/[0-9a-f]{32}")
_STAGED = re.compile(r".+#\d+")
_FULL = ("no space left", "quota exceeded", "os error 28", "os error 122", "storagefull", "file too large")


class StorageFault(Exception):
    """The store did not do what was asked; the message is for the log and holds no name of a person."""


class Missing(StorageFault):
    """There is no file under this key."""


class Full(StorageFault):
    """There is no room for it; nothing was stored."""


class Unreachable(StorageFault):
    """The store does not answer, or answers with a fault: trying again later may help."""


def new_key(area: str) -> str:
    """A key nobody can guess, in one of our areas (a word of lower case letters): `slides/4f/4f0c…`."""
    if not _AREA.fullmatch(area):
        raise ValueError(area)
    word = secrets.token_hex(16)
    return f"{area}/{word[:2]}/{word}"


def is_ours(key: str) -> bool:
    """Whether a key is one that `new_key` makes: a bucket may hold what others put there."""
    return _OURS.fullmatch(key) is not None


def store() -> ObjectStore:
    """The store of this installation: BLENDER_STORAGE_URL, or `uploads/` in the instance folder."""
    opened: dict[str, ObjectStore] = current_app.extensions.setdefault("blender_storage", {})
    address = current_app.config["STORAGE_URL"]
    if address not in opened:
        opened[address] = _open(address)
    return opened[address]


def folder() -> Path | None:
    """Where the files are when they are local, else None."""
    address = current_app.config["STORAGE_URL"]
    return Path(unquote(urlsplit(address).path)) if address.startswith("file://") else None


def incoming() -> Path:
    """Where files land while they come in: beside the store when that is local, so that both share one disk."""
    local = folder()
    found = (local.parent if local else Path(current_app.config["INSTANCE"])) / "incoming"
    found.mkdir(parents=True, exist_ok=True)
    return found


def _open(address: str) -> ObjectStore:
    if address.startswith("file://"):
        return LocalStore(unquote(urlsplit(address).path), mkdir=True)
    told = current_app.config["STORAGE_OPTIONS"]
    loopback = re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])(:|/|$)", told.get("endpoint", "")) is not None
    return S3Store.from_url(
        address,
        config=told,
        client_options={
            "timeout": timedelta(seconds=30),
            "connect_timeout": timedelta(seconds=5),
            "allow_http": loopback,
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )


@contextlib.contextmanager
def _faults(key: str) -> Iterator[None]:
    """Turn what the library says into our own words."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as fault:
        raise Missing(key) from fault
    except (BaseError, OSError) as fault:
        said = str(fault).lower()
        if any(word in said for word in _FULL):
            raise Full(key) from fault
        raise Unreachable(f"{key}: {type(fault).__name__}") from fault


def keys() -> Iterator[str]:
    """The key of every stored file."""
    with _faults("*"):
        for batch in store().list():
            for item in batch:
                yield item["path"]


def written_before(moment: datetime) -> Iterator[str]:
    """The keys of files that were last written before a moment."""
    with _faults("*"):
        for batch in store().list():
            for item in batch:
                if item["last_modified"] < moment:
                    yield item["path"]


def size(key: str) -> int:
    """How many bytes are stored under this key. Raises `Missing`."""
    with _faults(key):
        return int(store().head(key)["size"])


def save(key: str, source: Path) -> None:
    """Store the content of a file under this key, in place of what was there; local files are on the disk for certain.

    Raises `Full` or `Unreachable`; nothing is half stored then.
    """
    with _faults(key):
        store().put(key, source, use_multipart=source.stat().st_size > _PART, chunk_size=_PART, max_concurrency=1)
        local = folder()
        if local is not None:
            _settle(local, local / key)


def _settle(top: Path, file: Path) -> None:
    """Wait until the file and the folders that name it are on the disk."""
    while True:
        number = os.open(file, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
        if file == top:
            return
        file = file.parent


def pieces(key: str, start: int = 0, end: int | None = None, *, whole: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` up to, not including, `end`. Whether there is such a file is known at once.

    `whole` is how many bytes the file must have in all: one of another size is not the one that was stored. Raises `Missing`.
    """
    if folder() is None:
        return _by_ranges(key, start, end, whole)
    with _faults(key):
        found = _got(store(), key, start, end)
        if whole is not None and found.meta["size"] != whole:
            raise Missing(key)
        stream = found.stream(min_chunk_size=PIECE)
    return _read(key, stream)


def _got(place: ObjectStore, key: str, start: int, end: int | None) -> Any:
    options: Any = {} if not start and end is None else {"range": {"offset": start} if end is None else (start, end)}
    return place.get(key, options=options)


def _by_ranges(key: str, start: int, end: int | None, whole: int | None) -> Iterator[bytes]:
    """From an object store by several questions: a reader on a slow line would outlast the time-out of a single one.

    They are asked while the answer is on its way, when there is no app context any more.
    """
    place, size_now = store(), size(key)
    if whole is not None and size_now != whole:
        raise Missing(key)
    last = size_now if end is None else min(end, size_now)

    def ranges() -> Iterator[bytes]:
        for at in range(start, last, _RANGE):
            with _faults(key):
                piece = bytes(_got(place, key, at, min(at + _RANGE, last)).bytes())
            yield piece

    return ranges()


def opened(key: str, *, whole: int) -> IO[bytes] | None:
    """A local file, to send without its bytes passing through here; None when the store is no local one. Raises `Missing`."""
    local = folder()
    if local is None:
        return None
    with _faults(key):
        file = (local / key).open("rb", buffering=0)
        if os.fstat(file.fileno()).st_size == whole:
            return file
        file.close()
        raise Missing(key)


def _read(key: str, stream: Any) -> Iterator[bytes]:
    with _faults(key):
        for piece in stream:
            yield bytes(piece)


def fetch(key: str, target: Path) -> None:
    """Write a stored file to `target`, piece by piece. Raises `Missing` when there is none."""
    found = pieces(key)
    with target.open("wb") as file:
        for piece in found:
            file.write(piece)


def remove(key: str) -> None:
    """Forget the file under this key; it need not be there."""
    with contextlib.suppress(Missing), _faults(key):
        store().delete(key)


def forget_half_written(older_than: float) -> None:
    """Remove what a killed process left half stored in a local folder before this moment (seconds since 1970)."""
    local = folder()
    for file in local.rglob("*#*") if local else ():
        if _STAGED.fullmatch(file.name) and file.stat().st_mtime < older_than:
            file.unlink(missing_ok=True)
