"""The log: one line for each thing, ids only; no token, no address, and no line made by somebody's text."""

import json

import pytest
import structlog

from blender_event.core import logs
from blender_event.core.logs import log
from tests import factories as make
from tests.visitor import Visitor


@pytest.fixture(autouse=True)
def as_it_was():
    """Other tests keep the log they had."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def lines(capsys):
    """What was logged so far, read as the lines of JSON they must be."""
    logs.prepare()

    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return read


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/mijn/12-abcdef/wijzigen", "/mijn/…/wijzigen"),
        ("/en/mijn/12-abcdef", "/en/mijn/…"),
        ("/agenda/12-abcdef.ics", "/agenda/…"),
        ("/zaal/3-abcdef/slides", "/zaal/…/slides"),
        ("/2027/pitches/mijn/12-abcdef/idee", "/2027/pitches/mijn/…/idee"),
        ("/aanmelden/geheim?next=/beheer", "/aanmelden/…?next=/beheer"),
        ("/2027/programma", "/2027/programma"),
        ("/aanmelden", "/aanmelden"),
    ],
)
def test_a_token_in_a_path_is_masked(path, shown):
    assert logs.masked(path) == shown


def test_a_text_with_line_breaks_and_colours_stays_on_its_line(lines):
    log.info("registered", words="x\n2026 [info] forged\x1b[31m\u2028\x85y")
    (line,) = lines()

    assert line["event"] == "registered"
    assert line["words"] == "x\n2026 [info] forged\x1b[31m\u2028\x85y"


def test_registering_signing_in_and_failing_log_ids_and_nothing_personal(app, visitor, capsys):
    """A guest registers, is refused, loses a link, comes back and cancels; an organiser signs in."""
    logs.prepare()
    make.an_edition("2027")
    person = {"first_name": "Kanarie", "last_name": "Vogel", "email": "kanarie@example.org", "phone": "0499 123 456"}
    visitor.submit("/2027/inschrijven", expect=422, first_name="Kanarie")
    step = visitor.submit("/2027/inschrijven", expect=200, attendance="onsite", group="ict", **person)
    step = visitor.submit(step, expect=200)
    visitor.submit(step)
    own = visitor.location
    visitor.submit("/2027/inschrijven/mijn-link", email="kanarie@example.org", expect="redirect")
    visitor.get(own[:-1], expect=404)
    visitor.submit(f"{own}/annuleren")
    Visitor(app).submit("/aanmelden", email="kanarie@example.org", expect="redirect")
    said = capsys.readouterr().err

    assert "registered" in said
    secrets = ["Kanarie", "Vogel", "kanarie@example.org", "0499", own.split("/")[2]]
    assert [secret for secret in secrets if secret in said] == []
    assert all(json.loads(line)["event"] for line in said.splitlines())
