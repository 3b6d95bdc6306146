"""What is asked and by when stands on top; saying yes or no takes one button."""

from datetime import UTC, date, datetime

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from blender_event.programme import facts
from tests import factories as make
from tests.speakers.conftest import SPEAKERS, fresh
from tests.visitor import signed_in


def test_what_is_asked_stands_on_top_with_its_dates(browser):
    page = browser.get("/spreker")

    asked = page.tree.xpath("//section[contains(@class,'todo')]")[0].text_content()
    assert "Gevraagd tegen 10 juni. Het kan nog." in asked
    assert "Tegen zaterdag 1 augustus 2026" in asked
    assert "Tegen zondag 20 september 2026" in asked
    assert [link for link in page.links.values() if link.startswith("/spreker/2027/")][:2] == [
        "/spreker/2027/kan-niet",
        "/spreker/2027/profiel",
    ]


def test_a_yes_is_kept_told_and_no_longer_asked(browser, sam):
    heard = []

    def hear(speaker):
        heard.append(speaker.id)

    facts.speaker_confirmed.heard_by(hear)
    try:
        browser.submit("/spreker", button="Ik kom")
    finally:
        facts.speaker_confirmed._listeners.remove(hear)

    assert "De organisatoren weten dat je komt" in browser.follow()
    assert (fresh(sam).status, sam.confirmed_at) == ("confirmed", datetime(2026, 6, 16, 10, 0, tzinfo=UTC))
    assert heard == [sam.id]
    assert "Je zei dat je komt" in browser.get("/spreker")


def test_two_clicks_are_one_yes(browser, sam):
    page = browser.get("/spreker")
    browser.submit(page, button="Ik kom")
    browser.submit(page, button="Ik kom")

    db.session.rollback()
    assert db.session.query(AuditEntry).filter_by(action="speaker confirmed").count() == 1


def test_a_no_reaches_the_organisers_with_its_reason(browser, sam, organiser, letters):
    browser.submit("/spreker/2027/kan-niet", reason="Ik geef die dag les.")

    assert fresh(sam).declined_at is not None
    assert "Ik geef die dag les." in organiser.get(f"{SPEAKERS}/{sam.id}")
    (letter,) = letters(kind="speaker_declined")
    assert letter.to_email == "blender@example.org"
    assert letter.subject == "Sam Spreker kan niet naar Blender 2027 komen"
    assert "Ik geef die dag les." not in letter.text  # why is for who opens the page
    dashboard = organiser.get("/beheer/2027")
    assert "spreker kan niet komen" in dashboard
    assert f"{SPEAKERS}?show=declined" in dashboard.links.values()


def test_who_cannot_come_may_change_their_mind(browser, sam):
    browser.submit("/spreker/2027/kan-niet", reason="Ziek")
    browser.submit("/spreker", button="Ik kom toch")

    assert (fresh(sam).status, sam.declined_at, sam.decline_reason) == ("confirmed", None, "")


def test_a_no_twice_is_one_letter(browser, letters):
    page = browser.get("/spreker/2027/kan-niet")
    browser.submit(page, reason="Ziek")
    browser.submit(page, reason="Ziek")

    assert len(letters(kind="speaker_declined")) == 1


def test_after_the_day_neither_yes_nor_no_means_anything(browser, sam, edition):
    page = browser.get("/spreker/2027/kan-niet")
    edition.starts_on = edition.ends_on = date(2026, 6, 10)
    db.session.commit()

    browser.submit(page, expect=422)
    browser.post("/spreker/2027/bevestigen")

    assert "Deze editie is voorbij" in browser.follow()
    assert fresh(sam).status == "invited"


def test_an_organiser_whose_form_is_open_does_not_take_a_yes_back(browser, sam, organiser):
    page = organiser.get(f"{SPEAKERS}/{sam.id}")
    browser.submit("/spreker", button="Ik kom")

    organiser.submit(page, status="invited", expect=409)

    assert fresh(sam).status == "confirmed"


def test_three_lines_say_how_far_each_session_is(browser, edition, session, sam):
    lines = [line.text_content() for line in browser.get("/spreker").tree.xpath("//ul[@class='lines']/li/span")]
    assert [line.split("  ")[0].strip()[:20] for line in lines if line.strip()] == [
        "Nog niet bevestigd",
        "Nog geen beschrijvin",
        "Nog geen slides Stuu",
    ]

    session.abstract, sam.status = "Kort", "confirmed"
    make.a_material(session)
    db.session.commit()
    page = browser.get("/spreker")

    assert "Bevestigd" in page
    assert "Beschreven" in page
    assert "Slides gekregen" in page


def test_when_everything_is_done_that_is_said(browser, session, sam):
    session.abstract, sam.status, sam.biography = "Kort", "confirmed", "Over mij."
    sam.consented_at = datetime(2026, 6, 1, tzinfo=UTC)
    make.a_material(session)
    db.session.commit()

    assert "Je deed alles. Dank je wel." in browser.get("/spreker")


def test_who_hosts_is_asked_no_words_and_no_slides(app, edition):
    host = make.a_person("Hanne")
    row = make.a_speaker("Hanne", edition, host)
    hosted = make.a_session("Opening", edition=edition, speakers=[row])
    hosted.people[0].role = "host"
    db.session.commit()

    page = signed_in(app, host).get("/spreker")

    assert "Stuur je slides" not in page
    assert "Opening" in page


def test_when_and_where_are_what_is_published(browser, edition, session):
    assert "Nog niet gepubliceerd" in browser.get("/spreker")
    make.a_release(edition)
    session.room = make.a_room("Zolder", edition=edition)
    db.session.commit()

    page = browser.get("/spreker")

    assert "Kelder" in page
    assert "Zolder" not in page


def test_a_cancelled_edition_asks_nothing(browser, edition):
    edition.status = "cancelled"
    db.session.commit()

    assert "Wat we je vragen" not in browser.get("/spreker")


def test_coming_editions_come_first_and_earlier_ones_are_links(app, edition, person, session, browser):
    old = make.an_edition(
        "2025",
        title="Blender 2025",
        starts_on=edition.starts_on.replace(year=2025),
        ends_on=edition.ends_on.replace(year=2025),
    )
    make.a_session("Van toen", edition=old, speakers=[make.a_speaker("Sam Spreker", old, person)])

    page = browser.get("/spreker")
    earlier = browser.get("/spreker/2025")

    assert "/spreker/2025" in page.links.values()
    assert "Van toen" not in page
    assert "Van toen" in earlier
    assert "Deze editie is voorbij." in earlier


@pytest.mark.once
def test_an_example_and_an_empty_edition_show_what_will_stand_there(app, edition):
    person = make.a_person("Nieuw")
    make.a_speaker("Nieuw", edition, person, status="invited")

    assert "Je sessie komt hier te staan." in signed_in(app, person).get("/spreker")
