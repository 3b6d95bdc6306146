"""The words of a session: into the draft, online after the next release, and never over somebody else's."""

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from tests import factories as make
from tests.speakers.conftest import fresh


def path(session):
    return f"/spreker/2027/sessies/{session.id}"


def test_words_are_saved_in_the_draft_and_public_after_the_release(browser, session, edition, visitor):
    make.a_release(edition)
    page = browser.get(path(session))
    assert "Wat je hier bewaart, staat online na de volgende publicatie." in page

    browser.submit(page, abstract="Kort.", description="Met **nadruk**.", takeaways="Eén\n\nTwee")

    assert fresh(session).takeaways == ["Eén", "Twee"]
    assert session.description_html == "<p>Met <strong>nadruk</strong>.</p>\n"
    assert edition.draft_changed_at is not None
    public = f"/2027/programma/{session.slug}"
    assert "nadruk" not in visitor.get(public)
    make.a_release(edition)
    assert "nadruk" in visitor.get(public)


def test_nothing_but_words_can_be_changed(browser, session):
    before = (session.room_id, session.starts_at, session.status, session.capacity)
    browser.post(path(session), title="Nieuw", abstract="", description="", seen="0", room="", day="2026-09-25",
                 status="cancelled", capacity="3", join_url="https://evil.example", subject="x")  # fmt: skip

    assert fresh(session).title == "Nieuw"
    assert (session.room_id, session.starts_at, session.status, session.capacity) == before
    assert (session.join_url, session.subject) == ("", "")


def test_a_session_keeps_a_name(browser, session):
    page = browser.submit(path(session), title="", expect=422)

    assert page.errors["title"] == ["Vul een titel in."] or "Vul een titel in." in str(page.errors["title"])
    assert fresh(session).title == "Chat in de jeugdhulp"


def test_what_an_organiser_wrote_meanwhile_is_shown_beside_ones_own(browser, session, organiser):
    mine = browser.get(path(session))
    organiser.submit(f"/beheer/2027/programma/sessies/{session.id}", abstract="Van de organisator.")

    page = browser.submit(mine, abstract="Van mij.", expect=409)

    assert "Van de organisator." in page
    assert "Van mij." in page
    assert fresh(session).abstract == "Van de organisator."
    browser.submit(page)
    assert fresh(session).abstract == "Van mij."


def test_an_organiser_does_not_write_over_a_speakers_words(browser, session, organiser):
    theirs = organiser.get(f"/beheer/2027/programma/sessies/{session.id}")
    browser.submit(path(session), abstract="Van mij.")

    organiser.submit(theirs, abstract="Van de organisator.", expect=409)

    assert fresh(session).abstract == "Van mij."


def test_two_clicks_are_one_change(browser, session):
    page = browser.get(path(session))
    browser.submit(page, abstract="Kort.")
    browser.submit(page, abstract="Kort.")

    db.session.rollback()
    assert db.session.query(AuditEntry).filter_by(action="session described").count() == 1


def test_too_long_words_come_back_as_they_were_typed(browser, session):
    page = browser.submit(path(session), abstract="a" * 601, bring="Laptop", expect=422)

    assert "601" in str(page.errors["abstract"])
    assert "Laptop" in page.everything


def test_who_comes_is_told_in_numbers_and_names_only_of_who_agreed(browser, session, edition):
    make.a_registration(edition, first_name="Isala", last_name="Van Diest", group="field", listed=True)
    make.a_registration(edition, first_name="Kanarie", last_name="Verborgen", group="ict", attendance="online")
    make.a_registration(edition, first_name="Wachtend", group="policy", status="waiting", listed=True)
    make.a_registration(edition, first_name="Weg", group="policy", status="cancelled", listed=True)

    page = browser.get(path(session))

    assert "1 persoon op locatie" in page
    assert "1 persoon online" in page
    assert ["Werkveld", "", "1"] in page.rows()
    assert "Isala Van Diest" in page
    assert not any(name in page.everything for name in ("Kanarie", "Wachtend", "Weg "))
    assert "Mensen kiezen nog geen sessies" in page


def test_a_plenary_session_is_for_everyone(browser, session, edition):
    session.format_id = make.a_format("Keynote", edition=edition, is_plenary=True).id
    db.session.commit()
    make.a_release(edition)

    assert "Deze sessie is voor iedereen." in browser.get(path(session))
