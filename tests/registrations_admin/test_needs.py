"""Needs are for who has the right to see them; each look is in the log before anything is shown."""

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from blender_event.registrations.models import Needs
from tests import factories as make
from tests.registrations_admin.conftest import LIST

CANARY = "kanarie-allergie"


def looks():
    db.session.rollback()
    return [
        (entry.action, entry.row_id)
        for entry in db.session.query(AuditEntry).filter(AuditEntry.action.like("%needs%")).order_by(AuditEntry.id)
    ]


@pytest.fixture
def jane(edition):
    found = make.a_registration(edition, first_name="Jane", last_name="Addams", needs=CANARY)
    found.needs.choices = ["vegan", "wheelchair"]
    db.session.commit()
    return found


def test_counts_come_without_names(organiser, jane, edition):
    page = organiser.get(LIST + "/behoeften")

    assert ["Veganistische maaltijd", "1", "0"] in page.rows()
    assert b"Addams" not in page.body
    assert CANARY.encode() not in page.body
    assert looks() == [("needs counted", edition.id)]


def test_names_are_shown_on_request_and_that_is_written_down(organiser, jane, edition):
    page = organiser.get(LIST + "/behoeften?names=yes")

    assert "Jane Addams" in page
    assert CANARY in page
    assert looks() == [("all needs seen", edition.id)]


def test_one_persons_needs_are_seen_changed_and_written_down(organiser, jane):
    page = organiser.get(f"{LIST}/{jane.id}/behoeften")
    organiser.submit(page, needs=["vegan"], needs_words="Geen noten", needs_consent=True)

    db.session.rollback()
    row = db.session.query(Needs).one()
    assert (row.choices, row.words) == (["vegan"], "Geen noten")
    assert looks() == [("needs seen", jane.id), ("needs written", jane.id)]


def test_needs_are_kept_only_with_a_yes(organiser, edition):
    jane = make.a_registration(edition)

    page = organiser.submit(f"{LIST}/{jane.id}/behoeften", needs=["vegan"], expect=422)

    assert "needs_consent" in page.errors
    assert db.session.query(Needs).count() == 0


def test_cleared_needs_are_gone(organiser, jane):
    organiser.submit(f"{LIST}/{jane.id}/behoeften", needs=[], needs_words="", needs_consent=False)

    db.session.rollback()
    assert db.session.query(Needs).count() == 0


def test_without_the_right_there_is_no_such_page(olga, helper, oscar, mallory, jane):
    for browser in (olga, helper, oscar, mallory):
        browser.get(LIST + "/behoeften", expect=404)
        browser.get(LIST + "/behoeften?names=yes", expect=404)
        browser.get(f"{LIST}/{jane.id}/behoeften", expect=404)
        browser.post(f"{LIST}/{jane.id}/behoeften", expect=404, needs="vegan", needs_consent="y")
    assert looks() == []


def test_without_the_right_no_byte_of_any_page_tells_what_is_needed(olga, app, jane):
    """Every page of the registrations, in both languages, and both kinds of export with every column asked for."""
    pages = [
        "",
        "?needs=yes",
        "?q=kanarie",
        "/wachtlijst",
        "/plaatsen",
        "/uitvoer",
        "/aanwezigheidslijst",
        "/geparkeerd",
        "/nieuw",
    ]
    pages += [f"/{jane.id}{part}" for part in ("", "/wijzigen", "/annuleren", "/bevestiging", "/nieuwe-link")]
    for prefix in ("", "/en"):
        for path in [f"{LIST}{page}" for page in pages] + [
            "/beheer/2027",
            "/beheer/2027/logboek",
            "/beheer/2027/onthaal?q=kanarie",
        ]:
            body = olga.get(prefix + path).body.replace(b'value="kanarie"', b"")
            assert CANARY.encode() not in body, path
            assert b"anistisch" not in body or path.endswith("/nieuw"), path


def test_nobody_without_the_right_is_asked_for_needs(olga, edition):
    assert "needs" not in olga.get(LIST + "/nieuw").form().names
