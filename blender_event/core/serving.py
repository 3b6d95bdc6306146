"""Answering with a stored file: as attachment or as picture, whole or one part of it, by ourselves or by the proxy in front."""

import re
from typing import Any
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import PreconditionFailed
from werkzeug.http import parse_etags

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


def disposition(name: str) -> str:
    """`attachment` with the name in ASCII for old readers (RFC 6266) and in full (RFC 8187)."""
    bare = text.clean(re.split(r"[/\\]", name)[-1], longest=150).strip(". ") or "bestand"
    plain = re.sub(r"[^A-Za-z0-9._ ()-]+", "_", bare)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(bare, safe='')}"


def _answer(key: str, media_type: str, size: int, etag: str) -> Response:
    """RFC 9110 §13 and §14: 304, 412, 416, one part, or the whole."""
    tag = f'"{etag}"'
    if _refuses(etag):
        raise PreconditionFailed
    if _is_known(etag):
        return _dressed(Response(status=304), media_type, tag)
    try:
        part = _part(size, tag)
    except _Unsatisfiable:
        response = _dressed(Response(status=416), media_type, tag)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    start, end = part or (0, size)
    response = _dressed(_body(key, start, end), media_type, tag)
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


def _refuses(etag: str) -> bool:
    """If-Match names other versions only."""
    asked = request.headers.get("If-Match")
    return asked is not None and not parse_etags(asked).contains(etag)


def _is_known(etag: str) -> bool:
    asked = request.headers.get("If-None-Match")
    return asked is not None and parse_etags(asked).contains_weak(etag)


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
        if last and int(last) < start:
            return None
    if start >= size:
        raise _Unsatisfiable
    return start, end


def _body(key: str, start: int, end: int) -> Response:
    """The bytes, not read before they are sent; that they are there is known now."""
    if request.method == "HEAD":
        storage.size(key)
        return Response()
    found: Any = storage.pieces(key, start, end)
    return Response(found, direct_passthrough=True)
