"""Letters on their way, towards a real mail server that refuses, stalls, goes away and comes back."""

import email
import email.policy
from datetime import timedelta
from pathlib import Path

import pytest

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.links import Purpose
from blender_event.mail import delivery, mailings, outbox, queries, reasons
from blender_event.mail.models import Letter, Mailing
from blender_event.people import actions
from tests import factories as make
from tests.mail.post_office import CERTIFICATE, PostOffice, secured


def again(letter):
    db.session.rollback()
    return db.session.get_one(Letter, letter.id)


def test_a_letter_arrives_whole(app, smtp, write, worker):
    calendar = outbox.Attachment("blender.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    letter = write(
        name="Đặng D'hondt-O’Brien", attachments=[calendar], edition=make.an_edition(contact_email="info@example.org")
    )
    worker.run()

    (message,) = smtp.messages
    letter = again(letter)
    assert (letter.status, letter.sent_at, letter.attempts) == ("sent", clock.now(), 1)
    assert message["To"].addresses[0].display_name == "Đặng D'hondt-O’Brien"
    assert message["To"].addresses[0].addr_spec == "sam@example.org"
    assert message["From"].addresses[0].addr_spec == "blender@example.org"
    assert message["Reply-To"] == "info@example.org"
    assert message["Message-ID"] == letter.message_id
    assert message["Message-ID"].endswith("@example.org>")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nl"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == letter.text
    assert message.get_body(("html",)).get_content().replace("\r\n", "\n") == letter.html + "\n"
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "blender.ics"
    assert attached.get_content_type() == "text/calendar"
    assert dict(attached["Content-Type"].params) == {"method": "PUBLISH", "charset": "utf-8"}
    assert attached.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    "name",
    [
        "Sam\r\nBcc: mallory@example.org",
        "Sam\x00\u2028X",
        "=?utf-8?q?a=0D=0ABcc:_x@example.org?=",
        '"Sam" <x@evil.example>, y@evil.example',
        "😀" * 100,
    ],
)
def test_a_name_never_becomes_a_header(app, smtp, write, worker, name):
    letter = write(name=name, to="sam@example.org")
    worker.run()

    (message,) = smtp.messages
    assert again(letter).status == "sent"
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["sam@example.org"]
    assert smtp.addresses == ["sam@example.org"]


def test_a_personal_link_is_filled_in_at_sending_and_stands_nowhere_else(app, smtp, write, worker):
    person = make.a_person("Sam")
    link = actions.make_link(person, lasts=timedelta(days=1), now=clock.now())
    db.session.flush()
    letter = write(facts={"minutes": 30, "link": outbox.link(Purpose.SIGN_IN, link.id)})
    stored = letter.text + letter.html
    worker.run()

    (message,) = smtp.messages
    text = message.get_body(("plain",)).get_content()
    assert "https://blender.example.org/aanmelden/" in text
    assert "\x02" not in text
    assert "/aanmelden/" not in stored
    assert 'href="https://blender.example.org/aanmelden/' in message.get_body(("html",)).get_content()


def test_half_the_addresses_are_refused_and_the_other_half_is_not_delayed(app, smtp, write, worker):
    smtp.counter.at_rcpt = {"gone@example.org": "550 5.1.1 User unknown", "full@example.org": "452 4.2.2 Mailbox full"}
    smtp.counter.at_data = {
        "later@example.org": "421 4.7.0 Try again later",
        "spam@example.org": "554 5.7.1 Looks like spam",
    }
    gone, full, later, spam = (write(to=f"{who}@example.org") for who in ("gone", "full", "later", "spam"))
    fine = [write(to=f"fine{n}@example.org") for n in range(4)]
    worker.run()

    assert smtp.addresses == [f"fine{n}@example.org" for n in range(4)]
    assert {again(letter).status for letter in fine} == {"sent"}
    assert (again(gone).status, gone.reason) == ("failed", "550 5.1.1 User unknown")
    assert (again(spam).status, spam.reason) == ("failed", "554 5.7.1 Looks like spam")
    assert (again(full).status, full.reason) == ("queued", "452 4.2.2 Mailbox full")
    assert (again(later).status, later.due_at) == ("queued", clock.now() + timedelta(minutes=1))


def test_a_letter_is_tried_again_after_1_5_30_minutes_2_and_8_hours_and_then_it_is_stuck(
    app, smtp, write, worker, time_stands_still
):
    smtp.counter.at_rcpt = {"full@example.org": "452 Mailbox full"}
    letter = write(to="full@example.org")
    waits = []
    for _try in range(5):
        worker.run()
        waits.append((again(letter).due_at - clock.now()).total_seconds() / 60)
        time_stands_still.move_to(again(letter).due_at - timedelta(seconds=1))
        worker.run()
        time_stands_still.move_to(again(letter).due_at)
    worker.run()

    assert waits == [1, 5, 30, 120, 480]
    assert (again(letter).status, letter.attempts, letter.reason) == ("stuck", 6, "452 Mailbox full")


def test_when_the_server_is_away_all_letters_wait_and_go_as_soon_as_it_is_back_oldest_first(
    app, smtp, write, worker, time_stands_still
):
    smtp.close()
    letters = [write(to=f"{n}@example.org") for n in range(5)]
    for _round in range(12):
        worker.run()
        time_stands_still.shift(timedelta(minutes=15))
    assert {again(letter).status for letter in letters} == {"queued"}
    assert again(letters[0]).reason.startswith("No mail server: ConnectionRefusedError")

    smtp.open()
    time_stands_still.shift(timedelta(hours=1))
    worker.run()
    worker.run()

    assert {again(letter).status for letter in letters} == {"sent"}
    assert sorted(smtp.addresses) == [f"{n}@example.org" for n in range(5)]


def test_a_server_that_hangs_after_the_letter_was_given_stops_nobody_else(app, smtp, write, worker, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT", 1)
    smtp.counter.hangs = {"slow@example.org"}
    slow, fine = write(to="slow@example.org"), write(to="fine@example.org")
    worker.run()

    assert (again(slow).status, slow.reason) == (
        "queued",
        "SMTPServerDisconnected: Connection unexpectedly closed: timed out",
    )
    assert again(fine).status == "sent"
    assert smtp.addresses == ["fine@example.org"]


def test_a_server_that_never_ends_is_hung_up_on_before_the_lease_is_over(app, smtp, write, worker, monkeypatch):
    monkeypatch.setattr(delivery, "DEADLINE", 1)
    smtp.counter.delays = {"slow@example.org": 3}
    slow = write(to="slow@example.org")
    worker.run()

    assert again(slow).status == "queued"
    assert slow.attempts == 1


def test_a_letter_that_cannot_be_made_up_fails_alone(app, smtp, write, worker):
    broken = write(facts={"minutes": 30, "link": outbox.link("no.such.purpose", 1)})
    fine = write(to="fine@example.org")
    worker.run()

    assert again(broken).status == "failed"
    assert again(fine).status == "sent"


def test_an_address_with_two_at_signs_fails_alone(app, smtp, write, worker):
    broken, _fine = write(to="a@b@example.org"), write(to="fine@example.org")
    worker.run()

    assert again(broken).status == "failed"
    assert smtp.addresses == ["fine@example.org"]


def test_a_letter_left_behind_by_a_killed_worker_goes_out_after_its_lease(app, smtp, write, worker, time_stands_still):
    letter = write()
    letter.status, letter.lease_until, letter.attempts = "sending", clock.now() + timedelta(seconds=60), 1
    db.session.commit()
    worker.run()
    assert smtp.addresses == []

    time_stands_still.shift(timedelta(seconds=61))
    worker.run()
    assert smtp.addresses == ["sam@example.org"]
    assert again(letter).status == "sent"


def test_a_letter_that_kills_its_worker_each_time_gets_stuck(app, smtp, write, worker, time_stands_still):
    letter = write()
    letter.status, letter.lease_until, letter.attempts = "sending", clock.now(), 6
    db.session.commit()
    worker.run()

    assert again(letter).status == "stuck"
    assert smtp.addresses == []


def test_a_letter_that_fails_while_a_newer_one_waits_gives_way(app, smtp, write, worker, time_stands_still):
    smtp.counter.at_rcpt = {"sam@example.org": "452 Mailbox full"}
    old = write(key="sessions-1")
    old.status, old.lease_until, old.attempts = "sending", clock.now(), 1
    db.session.commit()
    new = write(key="sessions-1")
    worker.run()

    assert old.id != new.id
    assert again(old).status == "dropped"
    assert again(new).status == "queued"


def test_a_reminder_waits_for_its_moment(app, smtp, write, worker, time_stands_still):
    write(due_at=clock.now() + timedelta(hours=2))
    worker.run()
    assert smtp.addresses == []

    time_stands_still.shift(timedelta(hours=2))
    worker.run()
    assert smtp.addresses == ["sam@example.org"]


def test_without_a_server_a_letter_becomes_a_file(app, write, worker, tmp_path):
    letter = write()
    worker.run()

    file = next(Path(app.config["INSTANCE"]).glob("mail/*.eml"))
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert message["Message-ID"] == letter.message_id
    assert again(letter).status == "sent"


@pytest.mark.once
@pytest.mark.parametrize("kind", ["smtps", "smtp+starttls"])
def test_a_certificate_that_nobody_signed_is_refused_and_nothing_is_said(app, write, worker, monkeypatch, kind):
    office = secure_office(kind)
    monkeypatch.setitem(app.config, "SMTP_URL", f"{kind}://127.0.0.1:{office.port}")
    letter = write()
    worker.run()
    office.close()

    assert office.addresses == []
    assert again(letter).status == "queued"
    assert "CERTIFICATE_VERIFY_FAILED" in letter.reason


@pytest.mark.once
@pytest.mark.parametrize("kind", ["smtps", "smtp+starttls"])
def test_a_certificate_that_is_trusted_is_used(app, write, worker, monkeypatch, kind):
    office = secure_office(kind)
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setitem(app.config, "SMTP_URL", f"{kind}://127.0.0.1:{office.port}")
    write()
    worker.run()
    office.close()

    assert office.addresses == ["sam@example.org"]


def secure_office(kind):
    return (
        PostOffice(ssl_context=secured()).open()
        if kind == "smtps"
        else PostOffice(tls_context=secured(), require_starttls=True).open()
    )


def test_organisers_see_what_waits_and_why(app, smtp, write, worker):
    edition, other = make.an_edition("2027"), make.an_edition("2028")
    assert queries.light(edition.id, clock.now()) == "fine"

    smtp.counter.at_rcpt = {"gone@example.org": "550 User unknown", "full@example.org": "452 Mailbox full"}
    write(to="full@example.org", edition=edition)
    worker.run()
    assert queries.light(edition.id, clock.now()) == "slow"

    write(to="gone@example.org", edition=edition)
    worker.run()
    assert queries.counts(edition.id) == {"queued": 1, "failed": 1}
    assert queries.trouble(edition.id) == [("failed", "550 User unknown", 1)]
    assert queries.light(edition.id, clock.now()) == "trouble"
    assert queries.light(other.id, clock.now()) == "fine"


def test_a_letter_is_overdue_after_ten_minutes(app, write, time_stands_still):
    letter = write()
    time_stands_still.shift(timedelta(minutes=10))
    assert queries.overdue(clock.now()) == []

    time_stands_still.shift(timedelta(seconds=1))
    assert queries.overdue(clock.now()) == [letter]


def test_an_organiser_sends_a_failed_letter_again(app, smtp, write, worker):
    smtp.counter.at_rcpt = {"sam@example.org": "550 User unknown"}
    letter = write()
    worker.run()
    smtp.counter.at_rcpt = {}
    outbox.resend(again(letter))
    db.session.commit()
    worker.run()

    assert again(letter).status == "sent"
    assert smtp.addresses == ["sam@example.org"]


def test_a_mailing_becomes_one_letter_each(app, smtp, write, worker, letters):
    edition = make.an_edition()
    mailings.expands("trial", to_number)
    mailing = outbox.announce("trial", edition, [1, 2, 3, 2], {"minutes": 5})
    db.session.commit()
    worker.run()

    assert [letter.to_email for letter in letters(kind="sign_in")] == [
        "1@example.org",
        "2@example.org",
        "3@example.org",
    ]
    assert sorted(smtp.addresses) == ["1@example.org", "2@example.org", "3@example.org"]
    assert db.session.get_one(Mailing, mailing.id).finished_at == clock.now()


def test_a_mailing_that_was_interrupted_goes_on_where_it_was(app, letters, monkeypatch):
    monkeypatch.setattr(mailings, "BATCH", 3)
    mailings.expands("trial", to_number)
    mailing = outbox.announce("trial", make.an_edition(), range(1, 9), {"minutes": 5})
    db.session.commit()
    mailings.expand_some(mailing.id)
    db.session.commit()
    mailings.expand_some(mailing.id)
    db.session.rollback()  # killed before the commit

    assert len(letters()) == 3
    mailings.expand_all()
    mailings.expand_all()
    assert [letter.to_email for letter in letters()] == [f"{n}@example.org" for n in range(1, 9)]


def test_one_poisoned_row_of_a_mailing_is_noted_and_the_others_are_told(app, letters):
    mailings.expands("trial", to_number)
    mailing = outbox.announce("trial", make.an_edition(), [1, 13, 2], {"minutes": 5})
    db.session.commit()
    mailings.expand_all()

    assert [letter.to_email for letter in letters()] == ["1@example.org", "2@example.org"]
    assert db.session.get_one(Mailing, mailing.id).faults == [13]


def to_number(mailing, number):
    if number == 13:
        raise RuntimeError("a row nobody can read")
    facts = mailing.facts | {"link": "https://blender.example.org/x"}
    outbox.put(
        kind="sign_in", to_email=f"{number}@example.org", to_name="", language="nl", facts=facts, key=f"trial-{number}"
    )


@pytest.mark.once
@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", ""),
        ("This address was marked as not working.", "Dit adres is gemarkeerd als niet werkend."),
        ("452 4.2.2 Mailbox full", "De mailbox zit vol. (452 4.2.2 Mailbox full)"),
        ("550 5.1.1 User unknown", "Dit adres bestaat niet. (550 5.1.1 User unknown)"),
        ("554 5.7.1 Looks like spam", "De mailserver wil deze mail niet. (554 5.7.1 Looks like spam)"),
        ("421 Closing", "De mailserver vraagt om later opnieuw te proberen. (421 Closing)"),
        ("No mail server: TimeoutError: timed out", "De mailserver is niet bereikbaar. (TimeoutError: timed out)"),
        ("TimeoutError: timed out", "De mailserver viel halverwege stil. (TimeoutError: timed out)"),
    ],
)
def test_organisers_read_reasons_in_words(app, reason, words):
    assert str(reasons.in_words(reason)) == words
