"""What a speaker needs is for them and for who may see needs; what they use and when they can come is for organisers."""

from datetime import UTC, datetime

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import links
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.programme import actions_forget
from blender_event.programme.models_materials import SpeakerNeeds
from tests import factories as make
from tests.speakers.conftest import SPEAKERS, fresh
from tests.visitor import signed_in

PRACTICAL = "/spreker/2027/praktisch"
NEEDS, WHEN, WITH = "kanarie-rolstoel", "kanarie-donderdag", "kanarie-beamer"


@pytest.fixture
def told(browser, sam):
    browser.submit(PRACTICAL, availability=WHEN, equipment=WITH, needs=NEEDS, needs_consent=True)
    return fresh(sam)


def looks():
    db.session.rollback()
    return db.session.query(AuditEntry).filter_by(action="needs of speakers seen").count()


def test_the_speaker_sees_what_they_told(told, browser):
    page = browser.get(PRACTICAL)

    assert all(words in page.everything for words in (NEEDS, WHEN, WITH))


def test_needs_are_kept_only_with_a_yes(browser, sam):
    page = browser.submit(PRACTICAL, needs=NEEDS, expect=422)

    assert page.errors["needs_consent"]
    assert NEEDS in page.everything
    assert db.session.query(SpeakerNeeds).count() == 0


def test_emptied_needs_are_forgotten(told, browser):
    browser.submit(PRACTICAL, needs="")

    db.session.rollback()
    assert db.session.query(SpeakerNeeds).count() == 0


def test_two_clicks_and_an_older_window(browser, sam):
    page = browser.get(PRACTICAL)
    for _click in range(2):
        browser.submit(page, availability=WHEN)
    conflict = browser.submit(page, availability="Nooit", expect=409)

    assert WHEN in conflict.everything
    assert fresh(sam).availability == WHEN
    assert db.session.query(AuditEntry).filter_by(action="speaker told what they need").count() == 1


def test_an_organiser_sees_when_and_with_what_but_needs_only_with_the_right(told, app, edition, organiser):
    olga = signed_in(app, make.an_organiser("Olga", edition))
    for path in ("", f"/{told.id}"):
        assert NEEDS.encode() not in olga.get(SPEAKERS + path).body
        assert NEEDS.encode() not in organiser.get(SPEAKERS + path).body
    assert WHEN in olga.get(f"{SPEAKERS}/{told.id}")
    assert WITH in olga.get(f"{SPEAKERS}/{told.id}")
    olga.get(f"{SPEAKERS}/behoeften", expect=404)
    assert looks() == 0

    page = organiser.get(f"{SPEAKERS}/behoeften")

    assert NEEDS in page
    assert looks() == 1
    assert f"{SPEAKERS}/behoeften" in organiser.get(SPEAKERS).links.values()
    assert f"{SPEAKERS}/behoeften" not in olga.get(SPEAKERS).links.values()


def test_whoever_gets_the_row_of_a_speaker_gets_no_needs_with_it(told, app, edition, client):
    olga = make.an_organiser("Olga", edition)  # without the right to see needs
    was = told.person_id
    feed = links.derive(Purpose.SPEAKER_FEED, told.id, told.feed_version)

    signed_in(app, olga).submit(f"{SPEAKERS}/{told.id}", email=olga.email)

    assert fresh(told).person_id == olga.id
    assert NEEDS.encode() not in signed_in(app, olga).get(PRACTICAL).body
    assert client.get(f"/agenda/{feed}.ics").status_code == 404
    last = db.session.query(AuditEntry).filter_by(action="speaker changed").one()
    assert (last.old["person"], last.new["person"]) == (was, olga.id)


def test_it_stands_nowhere_public_and_in_no_export_log_or_letter(
    told, client, edition, organiser, maya, letters, capsys
):
    make.a_release(edition)
    organiser.post(f"{SPEAKERS}/{told.id}/uitnodigen")
    organiser.submit(f"{SPEAKERS}/herinneren/bevestigen")
    bodies = [
        client.get(path).data
        for path in (
            "/2027",
            "/2027/programma",
            "/2027/sprekers",
            f"/2027/sprekers/{told.slug}",
            "/2027/programma.json",
            "/2027/programma.xml",
            "/2027/programma.ics",
            "/api/v1/editions",
        )
    ]
    bodies += [maya.get("/spreker").body, organiser.get("/beheer/2027/logboek").body]
    bodies += [letter.text.encode() + letter.html.encode() for letter in letters()]
    said = [str((entry.old, entry.new)) for entry in db.session.query(AuditEntry)]
    printed = "".join(capsys.readouterr())

    assert letters(kind="speaker_reminder")
    for canary in (NEEDS, WHEN, WITH):
        assert not [body for body in bodies if canary.encode() in body]
        assert canary not in " ".join(said)
        assert canary not in printed


def test_two_weeks_after_the_day_it_is_gone(told, edition):
    actions_forget.forget(now=datetime(2026, 10, 8, 12, 0, tzinfo=UTC))
    db.session.commit()
    assert fresh(told).availability == WHEN

    actions_forget.forget(now=datetime(2026, 10, 9, 12, 0, tzinfo=UTC))
    db.session.commit()

    assert (fresh(told).availability, told.equipment) == ("", "")
    assert db.session.query(SpeakerNeeds).count() == 0
