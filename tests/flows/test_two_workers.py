"""Several workers and one outbox: each letter goes out once, whoever is faster."""

import threading
import time

import pytest
from sqlalchemy import select

from blender_event.core.database import db
from blender_event.mail import delivery, outbox
from blender_event.mail.models import Letter
from tests.mail.post_office import PostOffice

pytestmark = pytest.mark.race
LETTERS, WORKERS = 8, 6


@pytest.fixture
def office(app, monkeypatch):
    found = PostOffice().open()
    monkeypatch.setitem(app.config, "SMTP_URL", found.url)
    yield found
    found.close()


def write_letters():
    for number in range(LETTERS):
        facts = {"minutes": 30, "link": "https://blender.example.org/x"}
        outbox.put(kind="sign_in", to_email=f"{number}@example.org", to_name="", language="nl", facts=facts)
    db.session.commit()


def all_at_once(app, work):
    """Run `work` in several threads that start together, each in an app context of its own."""
    start = threading.Barrier(WORKERS)
    faults = []

    def one():
        with app.app_context():
            start.wait()
            try:
                work()
            except Exception as fault:
                faults.append(fault)

    threads = [threading.Thread(target=one) for _worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_six_workers_send_each_letter_once(app, office):
    write_letters()
    all_at_once(app, delivery.deliver_due)

    assert sorted(office.addresses) == sorted(f"{number}@example.org" for number in range(LETTERS))
    assert set(db.session.scalars(select(Letter.status))) == {"sent"}
    assert set(db.session.scalars(select(Letter.attempts))) == {1}


def test_without_the_lease_they_would_send_some_twice(app, office):
    """The control: the same six workers, each sending what it finds waiting, without asking whose it is."""

    def send_what_waits():
        letters = list(db.session.scalars(select(Letter).where(Letter.status == "queued").order_by(Letter.id)))
        time.sleep(0.05)
        for letter in letters:
            with delivery.Connection(office.url) as connection:
                connection.send(delivery.Envelope(letter, {}))

    write_letters()
    all_at_once(app, send_what_waits)

    assert len(office.addresses) == LETTERS * WORKERS


def test_one_letter_for_which_all_are_woken_goes_out_once(app, office):
    write_letters()
    (first,) = db.session.scalars(select(Letter.id).order_by(Letter.id).limit(1))
    db.session.rollback()
    all_at_once(app, lambda: delivery.deliver(first))

    assert office.addresses == ["0@example.org"]
