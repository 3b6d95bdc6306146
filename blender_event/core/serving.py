"""Answering with a stored file: as attachment or as picture, whole or one part of it, by ourselves or by the proxy in front."""

import contextlib
import re
import threading
import unicodedata
from collections.abc import Iterator
from typing import IO, cast
from urllib.parse import quote

from flask import Flask, Response, current_app, request, stream_with_context
from werkzeug.exceptions import PreconditionFailed, ServiceUnavailable
from werkzeug.http import parse_etags
from werkzeug.wsgi import wrap_file

from blender_event.core import headers, storage, text

ATTACHED = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.presentation",
        "application/zip",
    }
)
PICTURED = frozenset({"image/jpeg", "image/png"})
SANDBOX = "sandbox; default-src 'none'"
_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.IGNORECASE)
_SMALL = 256 * 1024  # fits in what the kernel holds for a line: nobody keeps a thread with it
_PIECE = 64 * 1024
_SILENT_SECONDS = 60
_RETRY_SECONDS = 10


class _Unsatisfiable(Exception):
    """The part asked for lies outside the file."""


def attachment(key: str, *, name: str, media_type: str, size: int, etag: str, public: bool) -> Response:
    """The file to keep, never to show: `name` is what the reader's disk will call it, `etag` its SHA-256.

    A public one may be kept by caches that ask each time; any other is kept nowhere. Raises `storage.StorageFault`.
    """
    response = _answer(key, media_type if media_type in ATTACHED else "application/octet-stream", size, etag)
    response.headers["Content-Disposition"] = disposition(name)
    if not public:
        return headers.personal(response)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def picture(key: str, *, media_type: str, size: int, etag: str) -> Response:
    """A picture we made ourselves, shown in a page; its address never shows another one."""
    response = _answer(key, media_type if media_type in PICTURED else "application/octet-stream", size, etag)
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def streamed(pieces: Iterator[bytes], *, name: str, media_type: str) -> Response:
    """Something to keep, for one person, that is made while it is sent; its reader keeps a thread as any large file does."""
    held = _a_slot()
    made = stream_with_context(pieces)
    held.callback(made.close)  # type: ignore[attr-defined]
    response = Response(_Pieces(made, held), content_type=media_type)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = SANDBOX
    return headers.personal(response)


def disposition(name: str) -> str:
    """`attachment` with the name in ASCII for old readers (RFC 6266) and in full for the others (RFC 8187)."""
    bare = text.clean(re.split(r"[/\\]", name)[-1], longest=150).strip(". ") or "bestand"
    letters = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
    plain = re.sub(r"[^A-Za-z0-9._ ()-]+", "_", letters)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(bare, safe='')}"


def _answer(key: str, media_type: str, size: int, etag: str) -> Response:
    """RFC 9110 §13 and §14: 304, 412, 416, one part, or the whole."""
    tag = f'"{etag}"'
    if "If-Match" in request.headers and not parse_etags(request.headers["If-Match"]).contains(etag):
        raise PreconditionFailed
    if "If-None-Match" in request.headers and parse_etags(request.headers["If-None-Match"]).contains_weak(etag):
        return _dressed(Response(status=304), media_type, tag)
    proxy = _by_the_proxy(key)
    if proxy is not None:
        return _dressed(proxy, media_type, tag)
    try:
        part = _part(size, tag)
    except _Unsatisfiable:
        response = _dressed(Response(status=416), media_type, tag)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    start, end = part or (0, size)
    response = _dressed(_body(key, start, end, size), media_type, tag)
    response.headers["Content-Length"] = str(end - start)
    if part:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _dressed(response: Response, media_type: str, tag: str) -> Response:
    response.headers["Content-Type"] = media_type
    response.headers["ETag"] = tag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _by_the_proxy(key: str) -> Response | None:
    """An answer that tells the proxy in front where the file is (X-Accel-Redirect); parts and 304 are its work then."""
    place = current_app.config["ACCEL"]
    if not place or storage.folder() is None:
        return None
    storage.size(key)
    response = Response()
    response.headers["X-Accel-Redirect"] = f"{place.rstrip('/')}/{quote(key)}"
    return response


def _part(size: int, tag: str) -> tuple[int, int] | None:
    """The one part that is asked for as (start, end), or None for the whole: no, several or senseless parts."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if request.method != "GET" or not asked or request.headers.get("If-Range", tag) != tag:
        return None
    first, last, final = asked.groups()
    if final is not None:
        start, end = max(0, size - int(final)), size
        if not int(final):
            raise _Unsatisfiable
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None
    if start >= size:
        raise _Unsatisfiable
    return start, end


def _body(key: str, start: int, end: int, size: int) -> Response:
    """The bytes, not read before they are sent; that they are there, and as many as promised, is known now."""
    if request.method == "HEAD":
        storage.size(key)
        return Response()
    held = _a_slot() if end - start > _SMALL else contextlib.ExitStack()
    try:
        local = storage.opened(key, whole=size)
        if local is None:
            return Response(_Pieces(storage.pieces(key, start, end, whole=size), held), direct_passthrough=True)
        part = _Part(local, start, end, held)
        return Response(wrap_file(request.environ, cast(IO[bytes], part), _PIECE), direct_passthrough=True)
    except BaseException:
        held.close()
        raise


def _a_slot() -> contextlib.ExitStack:
    """A place among those who may keep a thread with a file; a receiver who falls silent loses it."""
    slots: threading.BoundedSemaphore = current_app.extensions["blender_downloads"]
    if not slots.acquire(blocking=False):
        raise ServiceUnavailable(retry_after=_RETRY_SECONDS)
    held = contextlib.ExitStack()
    held.callback(slots.release)
    connection = request.environ.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(_SILENT_SECONDS)
    return held


class _Pieces:
    """Bytes that pass through here on their way, and what they hold."""

    def __init__(self, pieces: Iterator[bytes], held: contextlib.ExitStack) -> None:
        self.pieces = pieces
        self.close = held.close

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces


class _Part:
    """A part of a local file, as the server wants files: it sends them without their bytes passing through here."""

    def __init__(self, file: IO[bytes], start: int, end: int, held: contextlib.ExitStack) -> None:
        held.callback(file.close)
        file.seek(start)
        self.close = held.close
        self.fileno = file.fileno
        self.seek = file.seek
        self._file = file
        self._left = end - start

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return piece


def init_app(app: Flask) -> None:
    """At most this many threads of a process are kept busy by readers on slow lines."""
    app.extensions["blender_downloads"] = threading.BoundedSemaphore(app.config["DOWNLOADS_AT_ONCE"])
