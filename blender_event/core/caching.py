"""Public pages and feeds, kept ready to send: bounded, keyed by revision, so that nothing is ever invalidated."""

import functools
import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import Connection

PAGE_POLICY = "public, no-cache"
FEED_POLICY = "public, max-age=300"
KEPT = "blender.kept"  # in the environment of a request: what `core.front` may repeat without Flask

Facts = tuple[Hashable, ...]
_NO_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A public answer before it is kept: its bytes and what the headers must say."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    cache_control: str = PAGE_POLICY
    compress: bool = True
    last_modified: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Kept:
    rendered: Rendered
    etag: str
    head: list[tuple[str, str]]
    squeezed: bytes | None = None
    size: int = 0


class Shelf:
    """At most `most_bytes` of answers; the least recently used goes first. Safe for threads."""

    def __init__(self, most_bytes: int = 48 * 1024 * 1024) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> Any | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Hashable, value: Any, size: int) -> None:
        with self._lock:
            self._bytes += size - self._sizes.pop(key, 0)
            self._kept[key], self._sizes[key] = value, size
            self._kept.move_to_end(key)
            while self._bytes > self.most_bytes and len(self._kept) > 1:
                oldest, _gone = self._kept.popitem(last=False)
                self._bytes -= self._sizes.pop(oldest)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._sizes.clear()
            self._bytes = 0


shelf = Shelf()


def answer(
    facts: Facts, render: Callable[[], Rendered], again: Callable[[Connection], Facts | None] | None = None
) -> Response:
    """The public answer to this request, rendered only when `facts` were not rendered before.

    `facts` must hold everything the answer depends on: edition id, public revision, dated facts. The address, the
    language and the running version of the software are added here. Answers 304 before anything is rendered.
    `again` asks for the same facts in one statement, outside of any request; None says that the answer is not public.
    """
    if request.query_string:
        return _response(_prepare(render()))
    key = (current_app.config["VERSION"], request.script_root, request.path, facts)
    kept = shelf.find(key)
    if kept is None:
        kept = _prepare(render())
        shelf.keep(key, kept, kept.size)
    if again is not None:
        request.environ[KEPT] = (kept, key, facts, again)
    return _response(kept)


def _prepare(rendered: Rendered) -> _Kept:
    etag = hashlib.sha256(rendered.body).hexdigest()[:24]
    squeezed = gzip.compress(rendered.body, 6, mtime=0) if rendered.compress and len(rendered.body) > 500 else None
    head = [("Content-Type", rendered.content_type), ("Cache-Control", rendered.cache_control), *rendered.headers]
    if rendered.last_modified:
        head.append(("Last-Modified", format_datetime(rendered.last_modified.astimezone(UTC), usegmt=True)))
    if squeezed is not None:
        head.append(("Vary", "Accept-Encoding"))
    return _Kept(rendered, etag, head, squeezed, len(rendered.body) + len(squeezed or b"") + 1000)


def _response(kept: _Kept) -> Response:
    squeeze = kept.squeezed is not None and takes_gzip(request.headers.get("Accept-Encoding", ""))
    etag = f'"{kept.etag}-gz"' if squeeze else f'"{kept.etag}"'
    head = [*kept.head, ("ETag", etag)]
    if _is_unchanged(kept):
        unchanged = [pair for pair in head if pair[0] not in ("Content-Type",)]
        return Response(status=304, headers=unchanged)
    body = kept.squeezed if squeeze else kept.rendered.body
    response = Response(body, headers=head)
    if squeeze:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_unchanged(kept: _Kept) -> bool:
    """RFC 9110 §13.1: If-None-Match first (weak comparison), If-Modified-Since only in its absence."""
    asked = request.headers.get("If-None-Match")
    if asked is not None:
        return names(asked, kept.etag)
    since = request.if_modified_since
    modified = kept.rendered.last_modified
    return since is not None and modified is not None and modified.replace(microsecond=0) <= since


def takes_gzip(accepted: str) -> bool:
    """Whether an `Accept-Encoding` allows gzip: named, and not with a weight of zero."""
    return "gzip" in accepted and _NO_GZIP.search(accepted) is None


def names(asked: str, etag: str) -> bool:
    """Whether an `If-None-Match` names this tag, compressed or not."""
    tags = {tag.strip().removeprefix("W/").strip('"').removesuffix("-gz") for tag in asked.split(",")}
    return etag in tags or "*" in tags


def kept_for(seconds: float, now: Callable[[], datetime]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator: remember a number for at most `seconds` per arguments (places left may be ten seconds old)."""

    def decorate(ask: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[Hashable, tuple[datetime, Any]] = {}

        @functools.wraps(ask)
        def remembered(*key: Hashable) -> Any:
            found = known.get(key)
            moment = now()
            if found and 0 <= (moment - found[0]).total_seconds() < seconds:
                return found[1]
            value = ask(*key)
            if len(known) > 500:
                known.clear()
            known[key] = (moment, value)
            return value

        remembered.forget = known.clear  # type: ignore[attr-defined]
        return remembered

    return decorate
