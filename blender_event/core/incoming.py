"""What may come in: forms are read whole before anything else happens, and broken text is refused before anybody sees it."""

import re
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, abort, request

from blender_event.core import incoming_files, storage

StartResponse = Callable[..., Any]
_PIECE = 16 * 1024
_FIRST_SECONDS = 30  # before these are over, nobody is too slow
_LEAST_RATE = 1000  # bytes a second, on average
_BROKEN = re.compile("[\x00\ud800-\udfff]")


class WholeForms:
    """WSGI middleware: reads a body of allowed length at once, whether its length is told before or not.

    The first question to the database takes the write lock, and on the way to a view that is the edition in the address:
    without this, whoever sends a form slowly would hold the lock for as long as they like.
    """

    def __init__(self, app: Callable[[dict[str, Any], StartResponse], Iterable[bytes]], most: int) -> None:
        self.app = app
        self.most = most

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and 0 < int(length) <= self.most:
            with incoming_files.patience(environ):
                environ["wsgi.input"] = BytesIO(b"".join(_pieces(environ["wsgi.input"], int(length))))
        elif "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower() and "wsgi.input_terminated" in environ:
            with incoming_files.patience(environ):
                body = b"".join(_pieces(environ["wsgi.input"], self.most + 1))
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
            del environ["HTTP_TRANSFER_ENCODING"]
        return self.app(environ, start_response)


def _pieces(stream: Any, length: int) -> Iterable[bytes]:
    """The body, or as much of it as came before the sender went away or hardly sent any more."""
    started, seen = time.perf_counter(), 0
    while length > 0:
        try:
            piece = stream.read(min(length, _PIECE))
        except OSError:
            return
        if not piece:
            return
        length -= len(piece)
        seen += len(piece)
        yield piece
        seconds = time.perf_counter() - started
        if seconds > _FIRST_SECONDS and seen < seconds * _LEAST_RATE:
            return


def is_sound(text: str) -> bool:
    """Whether text can be stored everywhere: PostgreSQL refuses NUL, nobody can encode half a pair."""
    return _BROKEN.search(text) is None


def _say_what_was_refused() -> None:
    """A form with a file that could not be taken: the page about it is made here, where language and looks are known."""
    refused = request.environ.get(incoming_files.REFUSED)
    if refused is not None:
        raise refused


def _refuse_broken_text() -> None:
    """400 for NUL and for what is no UTF-8 in path, query or form: the same on every database."""
    if "\ufffd" in request.path or not is_sound(request.path):
        abort(400)
    if request.query_string and not _reads(request.query_string):
        abort(400)
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
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
    app.request_class = incoming_files.Arrived
    with app.app_context():
        folder = storage.incoming()
    app.wsgi_app = incoming_files.FileForms(  # type: ignore[method-assign]
        WholeForms(app.wsgi_app, app.config["MAX_CONTENT_LENGTH"]),
        most=app.config["UPLOAD_BYTES"],
        at_once=app.config["UPLOADS_AT_ONCE"],
        folder=lambda: folder,
    )
    app.before_request(_say_what_was_refused)
    app.before_request(_refuse_broken_text)
