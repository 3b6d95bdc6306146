"""What may come in: forms are read whole before anything else happens, and broken text is refused before anybody sees it."""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

StartResponse = Callable[..., Any]
_PIECE = 64 * 1024
_BROKEN = re.compile("[\x00\ud800-\udfff]")


class WholeForms:
    """WSGI middleware: reads a body of known, allowed length at once.

    The first question to the database takes the write lock, and on the way to a view that is the edition in the address:
    without this, whoever sends a form slowly would hold the lock for as long as they like.
    """

    def __init__(self, app: Callable[[dict[str, Any], StartResponse], Iterable[bytes]], most: int) -> None:
        self.app = app
        self.most = most

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and 0 < int(length) <= self.most:
            environ["wsgi.input"] = BytesIO(b"".join(_pieces(environ["wsgi.input"], int(length))))
        return self.app(environ, start_response)


def _pieces(stream: Any, length: int) -> Iterable[bytes]:
    """The body, or as much of it as came before the sender went away."""
    while length > 0:
        try:
            piece = stream.read(min(length, _PIECE))
        except OSError:
            return
        if not piece:
            return
        length -= len(piece)
        yield piece


def is_sound(text: str) -> bool:
    """Whether text can be stored everywhere: PostgreSQL refuses NUL, nobody can encode half a pair."""
    return _BROKEN.search(text) is None


def _refuse_broken_text() -> None:
    """400 for NUL and for what is no UTF-8 in path, query or form: the same on every database."""
    if "\ufffd" in request.path or not is_sound(request.path):
        abort(400)
    if request.query_string and not _reads(request.query_string):
        abort(400)
    if request.content_length and request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, values in request.form.lists():
            if not is_sound(name) or not all(map(is_sound, values)):
                abort(400)


def _reads(query: bytes) -> bool:
    try:
        return is_sound(unquote_to_bytes(query.replace(b"+", b" ")).decode("utf-8"))
    except UnicodeDecodeError:
        return False


def init_app(app: Flask) -> None:
    """Look at every request before anything else does."""
    app.wsgi_app = WholeForms(app.wsgi_app, app.config["MAX_CONTENT_LENGTH"])  # type: ignore[method-assign]
    app.before_request(_refuse_broken_text)
