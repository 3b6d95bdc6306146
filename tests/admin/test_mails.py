"""The outbox: what did not arrive comes first, each letter tells its way, and organisers can act."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.mail import outbox
from blender_event.mail.models import Letter
from blender_event.mail.outbox import Attachment
from tests import factories as make
from tests.visitor import signed_in

NOW = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def edition(app):
    return make.an_edition("2027")


def a_letter(edition, name="Sam", status="queued", **facts):
    letter = outbox.put(
        kind="test",
        to_email=f"{name.lower()}@example.org",
        to_name=name,
        language="nl",
        edition=edition,
        facts={"title": "Blender"},
        attachments=[Attachment("dag.ics", b"BEGIN:VCALENDAR")],
    )
    letter.status = status
    for key, value in facts.items():
        setattr(letter, key, value)
    db.session.commit()
    return letter


def state(letter):
    db.session.rollback()
    return db.session.get(Letter, letter.id).status


def deeds():
    db.session.rollback()
    return [
        entry.action
        for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        if entry.action != "signed in"
    ]


def test_trouble_comes_first_grouped_by_reason(organiser, edition):
    a_letter(edition, "Sent", "sent", sent_at=NOW)
    a_letter(edition, "Waits")
    a_letter(edition, "Full", "stuck", reason="Mailbox zit vol")
    a_letter(edition, "Gone", "failed", reason="Adres bestaat niet")
    a_letter(edition, "Gone2", "failed", reason="Adres bestaat niet")
    page = organiser.get("/beheer/2027/mails")
    headings = [" ".join(h.text_content().split()) for h in page.tree.xpath("//main//h2")]

    assert headings == ["Niet aangekomen: Adres bestaat niet", "Niet aangekomen: Mailbox zit vol", "Wacht", "Verstuurd"]
    assert [row[0] for row in page.rows(0)[1:]] == ["Gone2", "Gone"]
    assert "5 mails" in page


def test_the_outbox_is_filtered_and_searched(organiser, edition):
    a_letter(edition, "Sent", "sent", sent_at=NOW)
    a_letter(edition, "Waits")

    assert "waits@example.org" not in organiser.get("/beheer/2027/mails?show=sent")
    assert "sent@example.org" not in organiser.get("/beheer/2027/mails?q=WAITS")
    assert "Geen enkele mail past bij deze zoekvraag." in organiser.get("/beheer/2027/mails?q=%25")
    assert "2 mails" in organiser.get("/beheer/2027/mails?show=nonsense&page=99")
    organiser.get("/beheer/2027/mails?q=%09&page=-3")


def test_fifty_letters_fill_a_page(organiser, edition):
    for number in range(51):
        a_letter(edition, f"Sam{number:02}")
    first, second = organiser.get("/beheer/2027/mails"), organiser.get("/beheer/2027/mails?page=2")

    assert len(first.rows(0)) == 51
    assert [row[0] for row in second.rows(0)[1:]] == ["Sam00"]


def test_letters_of_another_edition_are_not_there(app, edition):
    secret = a_letter(make.an_edition("2028"), "Canary")
    olga = signed_in(app, make.an_organiser("Olga", edition))

    assert "canary" not in organiser_reads(olga, "/beheer/2027/mails?q=canary").split("value=")[0]
    for way in ("", "/bijlage/0", "/laat-vallen"):
        olga.get(f"/beheer/2027/mails/{secret.id}{way}", expect=404)
    for way in ("/opnieuw", "/laat-vallen", "/adres"):
        olga.post(f"/beheer/2027/mails/{secret.id}{way}", expect=404)
    assert state(secret) == "queued"


def organiser_reads(browser, path):
    return browser.get(path).body.decode()


def test_links_to_sign_in_are_for_chiefs_to_see(app, organiser, edition):
    letter = a_letter(None, "Unbound")
    olga = signed_in(app, make.an_organiser("Olga", edition))

    assert "unbound@example.org" in organiser.get("/beheer/2027/mails")
    organiser.get(f"/beheer/2027/mails/{letter.id}")
    assert "unbound@example.org" not in olga.get("/beheer/2027/mails")
    olga.get(f"/beheer/2027/mails/{letter.id}", expect=404)


def test_a_letter_is_shown_without_its_readers_own_links(organiser, edition):
    letter = outbox.put(
        kind="sign_in",
        to_email="sam@example.org",
        to_name="Sam",
        language="nl",
        edition=edition,
        facts={"link": outbox.link(Purpose.SIGN_IN, 1), "minutes": 30},
    )
    db.session.commit()
    page = organiser.get(f"/beheer/2027/mails/{letter.id}")

    assert "Inloggen: [persoonlijke link]" in page
    assert "\x02" not in page.body.decode()


def test_a_hostile_letter_stays_words(organiser, edition):
    letter = a_letter(
        edition,
        "Sam",
        subject="<script>alert(1)</script>",
        text="<img src=x onerror=alert(1)>",
        reason="<b>x</b>",
        status="failed",
    )
    page = organiser.get(f"/beheer/2027/mails/{letter.id}")

    assert page.heading == "<script>alert(1)</script>"
    assert page.tree.xpath("//main//img|//main//script") == []
    assert organiser.get("/beheer/2027/mails").tree.xpath("//main//b[.='x']") == []


def test_a_file_that_went_along_is_fetched_never_shown(organiser, edition):
    letter = a_letter(edition)
    organiser.get(f"/beheer/2027/mails/{letter.id}/bijlage/0")
    headers = organiser.response.headers

    assert organiser.response.get_data() == b"BEGIN:VCALENDAR"
    assert base64.b64decode(letter.attachments[0]["data"]) == b"BEGIN:VCALENDAR"
    assert headers["Content-Disposition"] == "attachment; filename=dag.ics"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cache-Control"] == "no-store"
    organiser.get(f"/beheer/2027/mails/{letter.id}/bijlage/1", expect=404)


def test_a_letter_is_sent_again(organiser, edition):
    letter = a_letter(edition, status="failed", reason="Adres bestaat niet")
    page = organiser.submit(f"/beheer/2027/mails/{letter.id}", form="opnieuw", follow=True)

    assert "De mail is opnieuw onderweg." in page
    assert state(letter) == "queued"
    assert deeds() == ["letter sent again"]


@pytest.mark.parametrize("status", ["queued", "sending"])
def test_a_letter_on_its_way_is_not_sent_twice(organiser, edition, status):
    letter = a_letter(edition, status=status)
    page = organiser.post(f"/beheer/2027/mails/{letter.id}/opnieuw", expect=409)

    assert "Deze mail is al onderweg." in page
    assert state(letter) == status
    assert deeds() == []


def test_a_letter_is_dropped_after_asking(organiser, edition):
    letter = a_letter(edition)
    page = organiser.get(f"/beheer/2027/mails/{letter.id}/laat-vallen")

    assert "Sam krijgt “" in page
    organiser.submit(page)
    assert state(letter) == "dropped"
    assert deeds() == ["letter dropped"]


def test_a_letter_that_left_is_not_dropped(organiser, edition):
    letter = a_letter(edition, status="sent", sent_at=NOW)
    page = organiser.post(f"/beheer/2027/mails/{letter.id}/laat-vallen", expect=409)

    assert "Deze mail is al vertrokken." in page
    assert state(letter) == "sent"


def test_an_address_is_marked_and_forgiven(organiser, edition):
    letter = a_letter(edition)
    organiser.submit(f"/beheer/2027/mails/{letter.id}", form="adres", reason="Zegt zelf dat het fout is")

    assert state(letter) == "failed"
    page = organiser.follow()
    assert "Gemarkeerd op 16 juni, 12.00 uur: het werkt niet. Zegt zelf dat het fout is" in page
    organiser.post(f"/beheer/2027/mails/{letter.id}/opnieuw", expect=409)
    organiser.submit(f"/beheer/2027/mails/{letter.id}", form="werkt weer")
    organiser.submit(f"/beheer/2027/mails/{letter.id}", form="opnieuw")
    assert state(letter) == "queued"
    assert deeds() == ["address marked as not working", "address works again", "letter sent again"]


def test_a_reason_that_is_too_long_is_said_so(organiser, edition):
    letter = a_letter(edition)
    page = organiser.submit(f"/beheer/2027/mails/{letter.id}", form="adres", reason="a" * 301, expect=422)

    assert "301" in page.errors["reason"]
    assert state(letter) == "queued"


def test_somebody_mails_themselves(organiser, ada, edition, letters):
    page = organiser.submit("/beheer/2027/mails", form="proefmail", follow=True)
    (letter,) = letters(kind="test")

    assert f"Er is een proefmail onderweg naar {ada.email}." in page
    assert (letter.to_email, letter.subject, letter.edition_id) == (ada.email, "Proefmail van Blender 2027", edition.id)


def test_ten_test_mails_an_hour_is_enough(organiser, edition):
    for _try in range(10):
        organiser.post("/beheer/2027/mails/proef")

    organiser.post("/beheer/2027/mails/proef", expect=429)


def test_held_letters_go_when_an_organiser_says_so(organiser, edition):
    held = [a_letter(edition, name, "held") for name in ("Ann", "Bea")]
    elsewhere = a_letter(make.an_edition("2028"), "Elsewhere", "held")
    page = organiser.get("/beheer/2027/mails")
    assert "2 mails worden tegengehouden." in page

    organiser.submit(page.links["Geef ze vrij"], follow=True)

    assert [state(letter) for letter in held] == ["queued", "queued"]
    assert state(elsewhere) == "held"
    assert deeds() == ["held letters released"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, [("done", "Klaar"), ("todo", "Vertrekt")]),
        ({"status": "sent", "sent_at": NOW}, [("done", "Klaar"), ("done", "Vertrokken"), ("todo", "Aangekomen")]),
        ({"status": "failed", "reason": "Adres bestaat niet"}, [("done", "Klaar"), ("trouble", "Geweigerd")]),
        ({"status": "stuck"}, [("done", "Klaar"), ("trouble", "Opgegeven")]),
        ({"status": "held"}, [("done", "Klaar"), ("trouble", "Tegengehouden")]),
        ({"attempts": 2, "reason": "Mailbox zit vol."}, [("done", "Klaar"), ("trouble", "Nog niet vertrokken")]),
    ],
)
def test_a_letter_tells_its_way(organiser, edition, facts, expected):
    letter = a_letter(edition, **facts)
    page = organiser.get(f"/beheer/2027/mails/{letter.id}")
    steps = page.tree.xpath("//ol[contains(@class, 'timeline')]/li")

    assert [(step.get("class"), step.xpath("./strong")[0].text_content()) for step in steps] == expected


def test_the_next_try_is_said_in_words(organiser, edition):
    letter = a_letter(edition, attempts=2, reason="Mailbox zit vol.", due_at=NOW + timedelta(minutes=30))

    assert "Mailbox zit vol. We proberen opnieuw op 16 juni, 12.30 uur." in organiser.get(
        f"/beheer/2027/mails/{letter.id}"
    )
