"""Forms with a file: read to disk before anything else happens, a few at once, and never by somebody who hardly sends."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import (
    BadRequest,
    ClientDisconnected,
    HTTPException,
    RequestEntityTooLarge,
    RequestTimeout,
    ServiceUnavailable,
)
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from blender_event.core.uploads import Landed

StartResponse = Callable[..., Any]
Environ = dict[str, Any]
ENDING = "/uploaden"
REFUSED = "blender.refused"
_READ = "blender.read"
_AROUND = 1024 * 1024  # what a form may hold beside its file
_PIECE = 16 * 1024
_FIRST_SECONDS = 30  # before these are over, nobody is too slow
_LEAST_RATE = 10_000  # bytes a second, on average: less than a tenth of 1 Mbit/s
_SILENT_SECONDS = 20
_RETRY_SECONDS = 30
_DRAINED_BYTES = 4 * 1024 * 1024
_DRAINED_SECONDS = 2.0


class TooLarge(RequestEntityTooLarge):
    """The file is larger than is taken here."""


class TooSlow(RequestTimeout):
    """Too little came for too long."""


class NoSlot(ServiceUnavailable):
    """As many files are coming in as this process takes at once."""


class NoRoom(HTTPException):
    """The disk is full."""

    code = 507
    description = "The disk is full."


class Incomplete(BadRequest):
    """The form broke off, or is no form."""


class FileForms:
    """WSGI middleware for addresses that end in `/uploaden`.

    What cannot be taken is handed to the app as a reason in the environment, so that the app shows its own page about it.
    """

    def __init__(
        self, app: Callable[..., Iterable[bytes]], *, most: int, at_once: int, folder: Callable[[], Path]
    ) -> None:
        self.app = app
        self.most = most + _AROUND
        self.folder = folder
        self._slots = threading.BoundedSemaphore(max(1, at_once))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not brings_a_file(environ):
            return self.app(environ, start_response)
        stream = environ["wsgi.input"]
        with contextlib.ExitStack() as held:
            try:
                self._read(environ, held)
            except HTTPException as refusal:
                held.close()
                environ[REFUSED] = refusal
                environ[_READ] = ({}, {})
                answer = self.app(environ, start_response)
                return _Drained(answer, stream, _connection(environ))
            return self.app(environ, start_response)

    def _read(self, environ: Environ, held: contextlib.ExitStack) -> None:
        """Put the fields and files of the form into the environment. `held` gives back the slot and the files on disk."""
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isascii() and length.isdigit() and int(length) > self.most:
            raise TooLarge
        if not self._slots.acquire(blocking=False):
            raise NoSlot(retry_after=_RETRY_SECONDS)
        held.callback(self._slots.release)
        body = _Body(environ["wsgi.input"], int(length) if length.isdigit() else None, self.most)
        environ["wsgi.input"] = BytesIO()

        def land(*_told: Any, **_more: Any) -> Any:
            landed = Landed(self.folder())
            held.callback(landed.discard)
            return landed

        with patience(environ):
            environ[_READ] = _parsed(body, environ["CONTENT_TYPE"], land)


def brings_a_file(environ: Environ) -> bool:
    """Whether this is a form with files for an address that takes them."""
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("PATH_INFO", "").rstrip("/").endswith(ENDING)
        and environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == "multipart/form-data"
    )


def _parsed(body: "_Body", content_type: str, land: Callable[..., Any]) -> tuple[Any, Any]:
    """The fields and the files, or a reason why not. A form that is cut or no form at all is never an empty one."""
    mimetype, options = parse_options_header(content_type)
    parser = FormDataParser(
        land, max_form_memory_size=_AROUND, max_form_parts=200, silent=False, cls=ImmutableMultiDict
    )
    try:
        _stream, form, files = parser.parse(body, mimetype, body.length, options)  # type: ignore[arg-type]
        body.finish()
    except (ValueError, ClientDisconnected) as broken:
        raise Incomplete from broken
    except OSError as full:
        raise NoRoom from full
    return form, files


class _Body:
    """The body of a request: no longer than allowed, no shorter than promised, and not slower than anybody's line is."""

    def __init__(self, stream: Any, length: int | None, most: int) -> None:
        self.stream = stream
        self.length = length
        self.most = most
        self.seen = 0
        self.started = time.perf_counter()

    def read(self, size: int = _PIECE) -> bytes:
        wanted = min(size, _PIECE) if self.length is None else min(size, _PIECE, self.length - self.seen)
        piece = self._next(wanted) if wanted > 0 else b""
        self.seen += len(piece)
        if self.seen > self.most:
            raise TooLarge
        if not piece and self.length is not None and self.seen < self.length:
            raise Incomplete
        seconds = time.perf_counter() - self.started
        if seconds > _FIRST_SECONDS and self.seen < seconds * _LEAST_RATE:
            raise TooSlow
        return piece

    def _next(self, wanted: int) -> bytes:
        try:
            piece: bytes = self.stream.read(wanted)
        except TimeoutError as silence:
            raise TooSlow from silence
        except Exception as gone:  # each server has its own words for a line that breaks
            raise Incomplete from gone
        return piece

    def finish(self) -> None:
        """Read what may follow the form, so that the answer finds an empty line."""
        while self.read():
            pass


def _connection(environ: Environ) -> Any | None:
    """The socket, where the server shows it."""
    return environ.get("gunicorn.socket")


@contextlib.contextmanager
def patience(environ: Environ) -> Iterator[None]:
    """Nobody who falls silent is waited for longer than this."""
    connection = _connection(environ)
    if connection is None:
        yield
        return
    before = connection.gettimeout()
    connection.settimeout(_SILENT_SECONDS)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            connection.settimeout(before)


class _Drained:
    """An answer to somebody who is still sending: some of that is read and thrown away, so that the answer is seen."""

    def __init__(self, answer: Iterable[bytes], stream: Any, connection: Any | None) -> None:
        self.answer = answer
        self.stream = stream
        self.connection = connection

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.answer)

    def close(self) -> None:
        closing = getattr(self.answer, "close", None)
        if closing is not None:
            closing()
        if self.connection is None:
            return
        ends, left = time.perf_counter() + _DRAINED_SECONDS, _DRAINED_BYTES
        with contextlib.suppress(Exception):
            self.connection.settimeout(_DRAINED_SECONDS)
            while left > 0 and time.perf_counter() < ends:
                piece = self.stream.read(_PIECE)
                left -= len(piece)
                if not piece:
                    return


class Arrived(Request):
    """A request whose form was read already, before the app heard of it."""

    def _load_form_data(self) -> None:
        read = self.environ.get(_READ)
        if read is None or "form" in self.__dict__:
            super()._load_form_data()
            return
        form, files = read
        self.__dict__["stream"] = BytesIO()
        self.__dict__["form"] = ImmutableMultiDict(form)
        self.__dict__["files"] = ImmutableMultiDict(files)
