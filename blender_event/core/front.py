"""The door before Flask: a public answer that is kept, and still true by one question to the database, is sent at once."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from prometheus_client import Counter
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from blender_event.core import caching
from blender_event.core.caching import KEPT, Facts
from blender_event.core.database import db

StartResponse = Callable[..., Any]
Head = list[tuple[str, str]]
_MOST = 5000
_SENT = Counter("blender_kept_answers", "Public answers sent from memory before Flask, by status.", ["status"])


@dataclass(slots=True)
class _Ready:
    """What is known of one address: under which facts its answer is kept, how to ask for them anew, and Flask's own heads."""

    key: Hashable
    facts: Facts
    again: Callable[[Connection], Facts | None]
    heads: dict[tuple[int, bool], Head] = field(default_factory=dict)


class Front:
    """WSGI middleware. It only repeats what Flask answered to the same address under the same facts, head for head.

    Whatever is not exactly that (another method, a query string, a range, a database that does not answer) goes to Flask.
    """

    def __init__(self, app: Callable[[dict[str, Any], StartResponse], Iterable[bytes]], version: str) -> None:
        self.app = app
        self.version = version
        self.engine: Engine | None = None
        self._ready: dict[Hashable, _Ready] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if not _is_plain(environ):
            return self.app(environ, start_response)
        name = (
            environ.get("HTTP_HOST"),
            environ["wsgi.url_scheme"],
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
        )
        ready = self._ready.get(name)
        if ready is not None:
            answer = self._repeated(ready, environ)
            if answer is not None:
                status, head, body = answer
                _SENT.labels(status[:3]).inc()
                start_response(status, head)
                return (body,)
        return self.app(environ, self._listening(name, environ, start_response))

    def _repeated(self, ready: _Ready, environ: dict[str, Any]) -> tuple[str, Head, bytes] | None:
        """The kept answer with the head Flask gave it, while its facts hold."""
        kept = caching.shelf.find(ready.key)
        if kept is None:
            return None
        squeeze = _squeezes(kept, environ)
        asked = environ.get("HTTP_IF_NONE_MATCH")
        status = 304 if asked is not None and caching.names(asked, kept.etag) else 200
        head = ready.heads.get((status, squeeze))
        if head is None or self._facts(ready) != ready.facts:
            return None
        if status == 304:
            return "304 NOT MODIFIED", list(head), b""
        return "200 OK", list(head), kept.squeezed if squeeze else kept.rendered.body

    def _facts(self, ready: _Ready) -> Facts | None:
        if self.engine is None:
            return None
        try:
            with self.engine.connect() as connection:
                return ready.again(connection)
        except SQLAlchemyError:
            return None

    def _listening(self, name: Hashable, environ: dict[str, Any], start_response: StartResponse) -> StartResponse:
        """Learn the head of a kept answer from Flask, so that the next one needs no Flask."""

        def heard(status: str, head: Head, *rest: Any) -> Any:
            learnt = environ.pop(KEPT, None)
            if (
                learnt is not None
                and status[:3] in ("200", "304")
                and not any(key.lower() == "set-cookie" for key, _value in head)
            ):
                kept, key, facts, again = learnt
                ready = self._ready.get(name)
                if ready is None or ready.key != key:
                    if len(self._ready) >= _MOST:
                        self._ready.clear()
                    ready = self._ready[name] = _Ready(key, facts, again)
                ready.heads[int(status[:3]), _squeezes(kept, environ)] = list(head)
            return start_response(status, head, *rest)

        return heard


def _squeezes(kept: Any, environ: dict[str, Any]) -> bool:
    return kept.squeezed is not None and caching.takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))


def _is_plain(environ: dict[str, Any]) -> bool:
    """A GET without anything that asks for more than the address does."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not environ.get("QUERY_STRING")
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
        and "HTTP_RANGE" not in environ
        and ("HTTP_IF_MODIFIED_SINCE" not in environ or "HTTP_IF_NONE_MATCH" in environ)
    )


def init_app(app: Flask) -> None:
    """Stand before Flask, behind the middlewares that are added later. Call first; the database comes by `connect`."""
    front = Front(app.wsgi_app, app.config["VERSION"])
    app.wsgi_app = front  # type: ignore[method-assign]
    app.extensions["blender_front"] = front


def connect(app: Flask) -> None:
    """Let the front ask this app's database, each question a transaction of its own."""
    with app.app_context():
        app.extensions["blender_front"].engine = db.engine
