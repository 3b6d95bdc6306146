"""How many SQL statements an address takes; runs inside the app's own process and prints JSON.

    python -m bench.statements LINK CACHED… -- ONE THIRTY

`CACHED` are public addresses asked until they are kept, then counted. ONE and THIRTY are the slugs of editions with one
and with thirty of everything; every organiser's list and every public list of both is compared.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from bench.visitor import main_form
from blender_event import create_app

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


class Counter:
    """The statements sent to any database since the last reset."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        event.listen(Engine, "after_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            self.seen.append(statement)

    def of(self, client: FlaskClient, path: str) -> int | None:
        """Statements of one answer, or None when the address does not answer 200."""
        self.seen.clear()
        response = client.get(path)
        return len(self.seen) if response.status_code == 200 else None


def sign_in(client: FlaskClient, link: str) -> TestResponse:
    """Open the mailed link and press its button."""
    path = urlsplit(link).path
    form = main_form(client.get(path).get_data(as_text=True))
    if form is None:
        raise SystemExit(f"{path} has no button to sign in with")
    answer = client.post(urljoin(path, form.action or path), data=form.values, follow_redirects=True)
    if answer.status_code != 200:
        raise SystemExit(f"signing in answered {answer.status_code}")
    return answer


def organiser_lists(client: FlaskClient, slug: str) -> list[str]:
    """Every organiser's address of an edition that its pages link to and that names no single row."""
    waiting, found = [f"/beheer/{slug}"], list[str]()
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        found.append(path)
        answer = client.get(path)
        if answer.mimetype == "text/html":
            page = answer.get_data(as_text=True)
            links = re.findall(rf'href="(/beheer/{re.escape(slug)}[a-z/-]*)"', page)
            waiting += [link for link in links if link not in found]
    return found


def compared(counter: Counter, client: FlaskClient, one: str, thirty: str) -> list[dict[str, Any]]:
    """Each list of both editions, with its statements; public lists with a filter, so that no kept page answers."""
    shared = [path.removeprefix(f"/beheer/{one}") for path in organiser_lists(client, one)]
    pairs = [(f"/beheer/{one}{rest}", f"/beheer/{thirty}{rest}") for rest in shared]
    pairs += [
        (f"/{one}{rest}?x=1", f"/{thirty}{rest}?x=1")
        for rest in ("", "/programma", "/sprekers", "/programma.ics", "/programma.json")
    ]
    rows = []
    for small, large in pairs:
        client.get(small), client.get(large)
        rows.append({"path": large, "one": counter.of(client, small), "thirty": counter.of(client, large)})
    return rows


def main(link: str, cached: list[str], one: str, thirty: str) -> None:
    app = create_app()
    counter = Counter()
    visitor = app.test_client()
    public = []
    for path in cached:
        visitor.get(path), visitor.get(path)
        public.append({"path": path, "statements": counter.of(visitor, path)})
    organiser = app.test_client()
    sign_in(organiser, link)
    print(json.dumps({"cached": public, "lists": compared(counter, organiser, one, thirty)}))


if __name__ == "__main__":
    at = sys.argv.index("--")
    main(sys.argv[1], sys.argv[2:at], *sys.argv[at + 1 :])
