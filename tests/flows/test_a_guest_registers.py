"""Somebody hears of the day, registers, gets the mail, comes back through it, and changes their mind."""

import email
import re
from email import policy
from pathlib import Path

import pytest
from icalendar import Calendar

from blender_event.core.database import db
from blender_event.programme import facts, release
from blender_event.programme.models import Session
from blender_event.registrations.models import Registration
from tests import factories as make
from tests.visitor import Visitor


@pytest.fixture
def mailbox(app, worker):
    """Letters as they really left: `mailbox("ada@example.org")` delivers and reads them, oldest first."""

    def read(address):
        worker.run()
        files = sorted((Path(app.config["INSTANCE"]) / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        found = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [one for one in found if address in one["To"]]

    return read


def own_page(letter):
    """The address of Mijn Blender in the text of a letter."""
    return re.search(r"https://blender\.example\.org(/(?:en/)?mijn/\S+)", letter.get_body(("plain",)).get_content())[1]


def test_a_guest_registers_reads_the_mail_and_comes_back_through_it(app, visitor, mailbox):
    make.an_edition(motto="Dichtbij, ook op afstand", route="Neem tram 1.", accessibility="Alles is gelijkvloers.")

    page = visitor.get("/2027/inschrijven")
    page = visitor.submit(
        page,
        expect=200,
        first_name="Ada",
        last_name="Lovelace",
        email="ada@example.org",
        attendance="onsite",
        group="ict",
    )
    page = visitor.submit(page, expect=200)
    visitor.submit(page)
    first_page = visitor.location

    (letter,) = mailbox("ada@example.org")
    assert letter["Subject"] == "Je bent ingeschreven voor Blender 2027"
    text = letter.get_body(("plain",)).get_content()
    assert "donderdag 24 september 2026" in text and "Neem tram 1." in text and "Alles is gelijkvloers." in text
    (file,) = letter.iter_attachments()
    (entry,) = Calendar.from_ical(file.get_content()).walk("VEVENT")
    assert (entry["SUMMARY"], entry["STATUS"], entry["SEQUENCE"]) == (
        "Blender 2027: Dichtbij, ook op afstand",
        "CONFIRMED",
        0,
    )

    later = Visitor(app)
    assert own_page(letter) != first_page
    page = later.get(own_page(letter))
    later.submit(page, form="/bevestigen")
    assert db.session.query(Registration).one().verified_at is not None
    later.submit(own_page(letter) + "/annuleren")
    assert later.follow().main.get("data-status") == "cancelled"

    _first, gone = mailbox("ada@example.org")
    assert gone["Subject"] == "Je inschrijving voor Blender 2027 is geannuleerd"
    (file,) = gone.iter_attachments()
    (last,) = Calendar.from_ical(file.get_content()).walk("VEVENT")
    assert (last["UID"], last["STATUS"], last["SEQUENCE"]) == (entry["UID"], "CANCELLED", 1)


def test_no_letter_holds_a_link_that_a_name_or_an_organisation_brought(app, visitor, mailbox):
    make.an_edition()
    evil = "[klik hier](https://evil.example) <a href='https://evil.example'>x</a>"
    page = visitor.submit(
        "/2027/inschrijven",
        expect=200,
        first_name=evil,
        organisation=evil,
        email="ada@example.org",
        attendance="onsite",
        group="ict",
    )
    page = visitor.submit(page, expect=200)
    visitor.submit(page)
    visitor.submit(visitor.location + "/wijzigen", job_title="x")
    visitor.submit(visitor.location + "/annuleren")
    letters = mailbox("ada@example.org")
    assert len(letters) == 3
    for letter in letters:
        html = letter.get_body(("html",)).get_content()
        assert "evil.example" not in " ".join(re.findall(r'href="([^"]*)"', html))


def test_when_the_day_is_cancelled_everybody_hears_it_once_and_calendars_follow(app, visitor, mailbox):
    edition = make.an_edition()
    ada = make.a_registration(edition, first_name="Ada", email="ada@example.org")
    make.a_registration(edition, first_name="Sam", email="sam@example.org", status="cancelled")
    edition.status, edition.status_note = "cancelled", "De zaal staat onder water."
    edition.sequence += 1
    facts.edition_changed.announce(edition, ["cancelled"])
    db.session.commit()

    (letter,) = mailbox("ada@example.org")
    assert letter["Subject"] == "Blender 2027 gaat niet door"
    assert "De zaal staat onder water." in letter.get_body(("plain",)).get_content()
    (file,) = letter.iter_attachments()
    (entry,) = Calendar.from_ical(file.get_content()).walk("VEVENT")
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", 1)
    assert mailbox("sam@example.org") == []
    assert ada.status == "confirmed"


def test_a_moved_keynote_is_told_to_who_comes_in_one_letter(app, visitor, mailbox):
    edition = make.an_edition()
    keynote = make.a_format("Keynote", edition, is_plenary=True)
    make.a_session("Opening", edition=edition, at="9:30", format_id=keynote.id)
    make.a_session("Chat", edition=edition, at="11:00", format_id=make.a_format("Workshop", edition).id)
    release.release(edition, by=None, tell=True)
    make.a_registration(edition, first_name="Ada", email="ada@example.org")
    make.a_registration(edition, first_name="Sam", email="sam@example.org", status="waiting")
    for session in db.session.query(Session):
        session.starts_at, session.ends_at = make.a_moment(14), make.a_moment(15)
    release.release(edition, by=None, tell=True)
    db.session.commit()

    (letter,) = mailbox("ada@example.org")
    text = letter.get_body(("plain",)).get_content()
    assert "Gewijzigd: “Opening”. Nu: donderdag 24 september 2026, 14.00 tot 15.00 uur" in " ".join(text.split())
    assert "Chat" not in text
    assert mailbox("sam@example.org") == []
