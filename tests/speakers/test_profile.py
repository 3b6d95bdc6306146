"""Who a speaker is in an edition, and that nothing is shown to which they did not say yes."""

from datetime import date

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import storage
from blender_event.core.database import db
from blender_event.programme.models import SessionSpeaker
from blender_event.programme.models_materials import Portrait
from tests import factories as make
from tests.speakers.conftest import SPEAKERS, fresh

PROFILE = "/spreker/2027/profiel"
CANARY = "Kanarie over zichzelf"


def public(sam):
    return f"/2027/sprekers/{sam.slug}"


def say(browser, shown="yes", **words):
    return browser.submit(PROFILE, **{"role": "Psycholoog", "biography": CANARY, "shown": shown} | words)


def test_a_profile_is_public_after_the_release(browser, sam, edition, visitor):
    say(browser, biography="Ik werk **graag**.")

    assert fresh(sam).biography_html == "<p>Ik werk <strong>graag</strong>.</p>\n"
    assert sam.consented_at is not None
    make.a_release(edition)
    page = visitor.get(public(sam))
    assert "Psycholoog" in page
    assert "Ik werk graag." in page


def test_yes_or_no_must_be_said(browser, sam):
    page = browser.submit(PROFILE, biography=CANARY, expect=422)

    assert page.errors["shown"]
    assert CANARY in page.everything
    assert fresh(sam).biography == ""


def test_a_no_keeps_the_biography_out_of_the_release(browser, sam, edition, visitor, client):
    say(browser, shown="no")
    make.a_release(edition)

    assert "Psycholoog" in visitor.get(public(sam))
    for path in (public(sam), "/2027/sprekers", "/2027/programma.json", "/2027/programma.xml", "/2027/programma.ics"):
        assert CANARY.encode() not in client.get(path).data


def test_a_no_counts_at_once_in_every_version(browser, sam, edition, visitor, client):
    say(browser)
    make.a_portrait(sam)
    first = make.a_release(edition)
    make.a_session("Iets anders", edition=edition)
    make.a_release(edition)
    code = fresh(sam).portrait_code
    paths = [public(sam), "/2027/sprekers", "/2027/programma.json", f"/2027/programma/versie/{first.number}"]
    assert CANARY.encode() in client.get(public(sam)).data
    assert code.encode() in client.get(public(sam)).data
    assert client.get(f"{public(sam)}/portret/{code}.jpg").status_code == 200
    before = edition.public_revision

    say(browser, shown="no")

    assert fresh(edition).public_revision > before
    for path in paths:
        body = client.get(path).data
        assert CANARY.encode() not in body
        assert code.encode() not in body
    assert client.get(f"{public(sam)}/portret/{code}.jpg").status_code == 404
    assert "SS" in visitor.get(public(sam))  # the initials are back


def taken_out(speaker, organiser):
    """The speaker has no session in the draft any more, and is taken out of it."""
    db.session.query(SessionSpeaker).delete()
    db.session.commit()
    organiser.submit(f"{SPEAKERS}/{speaker.id}/verwijderen")


def test_a_no_still_counts_when_the_speaker_is_taken_out_of_the_draft(browser, sam, edition, organiser, client):
    say(browser)
    make.a_release(edition)
    say(browser, shown="no")
    address = public(sam)

    taken_out(sam, organiser)
    edition.shown_changed()
    db.session.commit()

    assert client.get(address).status_code == 200  # until the next release
    assert CANARY.encode() not in client.get(address).data


def test_who_is_taken_out_of_the_draft_has_no_portrait_any_more(browser, sam, edition, organiser, client):
    say(browser)
    make.a_portrait(sam)
    make.a_release(edition)
    address, code = public(sam), fresh(sam).portrait_code
    assert code.encode() in client.get(address).data

    taken_out(sam, organiser)

    assert code.encode() not in client.get(address).data  # not a picture that is not there


def test_who_was_never_asked_keeps_what_organisers_wrote(sam, edition, visitor, session):
    sam.biography, sam.biography_html = CANARY, f"<p>{CANARY}</p>"
    db.session.commit()
    make.a_release(edition)

    assert CANARY in visitor.get(public(sam))


def test_an_organisers_words_and_ones_own_do_not_write_over_each_other(browser, sam, organiser):
    theirs, mine = organiser.get(f"{SPEAKERS}/{sam.id}"), browser.get(PROFILE)
    browser.submit(mine, biography="Van mij.", shown="yes")
    organiser.submit(theirs, biography="Van Ada.", expect=409)

    mine = browser.get(PROFILE)
    organiser.submit(f"{SPEAKERS}/{sam.id}", biography="Van Ada.")
    page = browser.submit(mine, biography="Weer van mij.", expect=409)

    assert "Van Ada." in page
    assert "Weer van mij." in page.everything
    assert fresh(sam).biography == "Van Ada."


def test_two_clicks_are_one_change(browser, sam):
    page = browser.get(PROFILE)
    for _click in range(2):
        browser.submit(page, biography=CANARY, shown="yes")

    db.session.rollback()
    deeds = [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert deeds[-2:] == ["speaker changed", "speaker may be shown"]


@pytest.fixture
def before(person, edition):
    """Sam in 2025, with everything."""
    old = make.an_edition("2025", title="Blender 2025", starts_on=date(2025, 3, 1), ends_on=date(2025, 3, 1))
    row = make.a_speaker(
        "Sam Spreker", old, person, role="Onderzoeker", organisation="Hogeschool", unit="Labo", biography="Van toen."
    )
    make.a_portrait(row)
    return row


def test_an_earlier_profile_is_taken_over_on_request(browser, sam, before):
    assert "/spreker/2027/profiel/overnemen" in browser.get(PROFILE).links.values()
    page = browser.get("/spreker/2027/profiel/overnemen")
    assert all(words in page for words in ("Onderzoeker", "Hogeschool", "Labo", "Van toen."))

    browser.submit(page)

    assert (fresh(sam).role, sam.organisation, sam.unit) == ("Onderzoeker", "Hogeschool", "Labo")
    assert sam.biography_html == "<p>Van toen.</p>\n"
    assert sam.consented_at is None  # asked anew
    portraits = db.session.query(Portrait).order_by(Portrait.id).all()
    assert [portrait.speaker_id for portrait in portraits] == [before.id, sam.id]
    assert portraits[0].storage_key != portraits[1].storage_key
    assert storage.size(portraits[1].storage_key) == portraits[0].size
    assert browser.get("/spreker/2027/profiel/portret.jpg") is not None


def test_a_profile_is_taken_over_without_a_picture_that_cannot_be_had(browser, sam, before):
    storage.remove(db.session.query(Portrait).one().storage_key)

    page = browser.submit("/spreker/2027/profiel/overnemen", follow=True)

    assert "Je profiel is overgenomen." in page
    assert (fresh(sam).biography, sam.portrait_code) == ("Van toen.", "")


def test_a_no_of_before_is_taken_over_too(browser, sam, before, edition, client):
    before.withheld_at = edition.created_at
    db.session.commit()

    browser.submit("/spreker/2027/profiel/overnemen")
    make.a_release(edition)

    assert fresh(sam).biography == "Van toen."
    assert b"Van toen." not in client.get(public(sam)).data
    say(browser, shown="yes", biography="Van toen.")
    make.a_release(edition)
    assert b"Van toen." in client.get(public(sam)).data


def test_taking_over_twice_is_one_profile(browser, sam, before):
    page = browser.get("/spreker/2027/profiel/overnemen")
    browser.submit(page)
    browser.submit(page, expect=409)

    db.session.rollback()
    assert db.session.query(Portrait).filter_by(speaker_id=sam.id).count() == 1


def test_somebody_elses_profile_cannot_be_taken(browser, sam, maya):
    browser.get("/spreker/2027/profiel/overnemen", expect=404)
