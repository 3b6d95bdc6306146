"""A list asks as many questions for thirty rows as for one; a public page that is kept asks one (QUALITY §6)."""

import pytest
from sqlalchemy import event

from blender_event.core.database import db
from tests import ground
from tests.visitor import Visitor
from tests.world import Browsers, World

pytestmark = pytest.mark.slow  # goes through every route: `./dev test --fast` leaves it out


@pytest.fixture
def statements(app):
    """The statements of the requests while the test listens; transactions are not statements."""
    seen = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def counts(app, statements, rows):
    """How many statements each page takes, by its rule."""
    world = World(rows=rows)
    browsers = Browsers(app, world)
    found = {}
    for rule, path, policy in world.routes(app):
        if "GET" in rule.methods and policy != "developer":
            browser = browsers.of(policy)
            ground.forget_everything()
            statements.clear()
            assert browser.client.get(path).status_code < 400 or path == "/aanmelden/code"
            found[rule.rule] = len(statements)
    return found


def test_every_page_asks_the_same_number_of_questions_at_one_and_at_thirty_rows(app, grounds, database, statements):
    one = counts(app, statements, 1)
    grounds.app(database).empty()
    thirty = counts(app, statements, 30)

    assert {rule: (one[rule], number) for rule, number in thirty.items() if number > one[rule]} == {}


@pytest.mark.parametrize(
    "path",
    [
        "/2027",
        "/2027/programma",
        "/2027/sprekers",
        "/2027/programma.ics",
        "/2027/programma.json",
        "/2027/programma.xml",
        "/2027/terugblik",
    ],
)
def test_a_public_page_that_is_kept_asks_one_question(app, statements, path):
    World(rows=3)
    client = Visitor(app).client
    first = client.get(path)
    statements.clear()
    again = client.get(path)

    assert (first.status_code, again.status_code) == (200, 200)
    assert len(statements) == 1, statements


def test_a_conditional_request_asks_one_question_and_gets_304(app, statements):
    World(rows=3)
    client = Visitor(app).client
    etag = client.get("/2027/programma").headers["ETag"]
    statements.clear()
    again = client.get("/2027/programma", headers={"If-None-Match": etag})

    assert (again.status_code, len(statements)) == (304, 1)
