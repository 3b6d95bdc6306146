"""The audit trail: everything that was done, by whom, with old and new values; for this edition only."""

import ast
import re
from pathlib import Path

import pytest

from blender_event.admin import deeds
from blender_event.audit import actions as audit
from blender_event.core.database import Base, db
from tests import factories as make
from tests.visitor import signed_in

TOP = Path(__file__).resolve().parents[2] / "blender_event"


@pytest.fixture
def edition(app):
    return make.an_edition("2027")


def test_a_deed_is_shown_with_who_what_and_what_it_was(organiser, ada, edition):
    room = make.a_room("Zaal", edition)
    audit.note(
        "room changed", room, by=ada, old={"capacity": 20, "name": "Zaal"}, new={"capacity": 30, "name": "Grote zaal"}
    )
    db.session.commit()
    (row,) = organiser.get("/beheer/2027/logboek?kind=rooms").rows()[1:]

    assert row[0] == "16 juni, 12.00 uur"
    assert row[1] == "Ada Lovelace"
    assert row[2] == f"wijzigde de zaal zaal {room.id}"
    assert row[3] == "aantal plaatsen: 20 → 30naam: Zaal → Grote zaal"


def test_the_trail_is_filtered_by_person_kind_and_row(organiser, ada, edition):
    sam = make.a_person("Sam")
    first, second = make.a_room("Een", edition), make.a_room("Twee", edition)
    audit.note("room added", first, by=ada)
    audit.note("room added", second, by=sam)
    audit.note("edition changed", edition, by=None)
    db.session.commit()

    assert len(organiser.get("/beheer/2027/logboek?kind=rooms").rows()) == 3
    assert len(organiser.get(f"/beheer/2027/logboek?by={sam.id}").rows()) == 2
    assert len(organiser.get(f"/beheer/2027/logboek?kind=rooms&row={first.id}").rows()) == 2
    assert organiser.get("/beheer/2027/logboek?kind=editions").rows()[1][1] == "het systeem of een bezoeker"
    assert "Er is niets dat bij deze zoekvraag past." in organiser.get("/beheer/2027/logboek?kind=nothing&by=x&row=-1")


def test_what_was_done_elsewhere_is_not_shown(app, edition):
    other = make.an_edition("2028")
    audit.note("edition changed", other, by=None, new={"title": "Canary"})
    audit.note("signed in", make.a_person("Somebody"), by=None, new={"title": "Canary"})
    db.session.commit()
    olga = signed_in(app, make.an_organiser("Olga", edition))

    assert "Canary" not in olga.get("/beheer/2027/logboek")


def test_a_chief_also_sees_what_belongs_to_no_edition(organiser, edition):
    assert "logde in" in organiser.get("/beheer/2027/logboek")


def test_hostile_values_stay_words(organiser, edition):
    audit.note(
        "edition changed",
        edition,
        by=None,
        old={"<b>x</b>": "<script>alert(1)</script>"},
        new={"list": ["<i>", 1, None]},
    )
    db.session.commit()
    page = organiser.get("/beheer/2027/logboek")

    assert page.tree.xpath("//main//script|//main//i|//td//b") == []
    assert "<script>alert(1)</script>" in page


def test_every_deed_has_its_words():
    known = set()
    for file in TOP.rglob("*.py"):
        known |= set(re.findall(r"""audit\.note\(\s*"([^"]+)\"""", file.read_text()))

    assert known - set(deeds.ACTIONS) == set()
    assert len(known) > 30


def is_a_note(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note"


def names_written_down(file):
    notes = [node for node in ast.walk(ast.parse(file.read_text())) if is_a_note(node)]
    values = [word.value for note in notes for word in note.keywords if word.arg in ("old", "new")]
    return {
        key.value
        for value in values
        if isinstance(value, ast.Dict)
        for key in value.keys
        if isinstance(key, ast.Constant)
    }


def test_every_value_has_its_words():
    known = set().union(*(names_written_down(file) for file in TOP.rglob("*.py")))

    assert known - set(deeds.FIELDS) == set()
    assert len(known) > 20


def test_every_kind_is_a_table():
    assert set(deeds.KINDS) - set(Base.metadata.tables) == set()
