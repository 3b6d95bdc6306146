"""One place, many at once: over several server processes, on both databases; and the proof that the race is real."""

import os
import random
import sqlite3
import threading
import time

import pytest

from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.mail.models import Letter
from blender_event.programme.models import Edition
from blender_event.registrations import actions, queries
from blender_event.registrations.models import Registration
from blender_event.registrations.rules import Details
from tests import factories as make
from tests.flows.processes import Installation, answers, kill, until
from tests.mail.post_office import free_port
from tests.races.guest import Guest, at_once

pytestmark = pytest.mark.race
CLIENTS = 50


def serve(site, *, workers=3):
    site.start("serve", "--port", str(site.port), "--workers", str(workers), "--threads", "4")
    until(lambda: answers(f"http://127.0.0.1:{site.port}/gezond") == 200, 40)


def an_edition(site, slug, capacity):
    load = ("--slug", slug, "--sessions", "0", "--speakers", "0", "--registrations", "0")
    site.run("load", *load, "--capacity", str(capacity))


def test_the_last_place_goes_to_one_of_fifty_and_the_others_get_a_number(site):
    an_edition(site, "rush", 1)
    serve(site)
    guests = [Guest(site.port, "rush", f"guest{number}@example.org").fill_in() for number in range(CLIENTS)]

    results = at_once(guest.press for guest in guests)

    assert {result[0] for result in results} == {303}
    stands = sorted(guest.stands(place) for guest, (_status, place) in zip(guests, results, strict=True))
    assert stands == [("confirmed", 0), *(("waiting", number) for number in range(1, CLIENTS))]
    with site.app().app_context():
        rows = db.session.query(Registration).order_by(Registration.id).all()
        # The order of the line is the order in which the rows were committed.
        assert [row.queue_number for row in rows] == [None, *range(1, CLIENTS)]
        assert db.session.query(Letter).count() == CLIENTS
        assert list(queries.faults()) == []


def test_ten_presses_of_one_button_are_one_registration_and_one_letter(site):
    an_edition(site, "dubbel", 5)
    serve(site)
    guest = Guest(site.port, "dubbel", "ada@example.org").fill_in()

    results = at_once([guest.press] * 10)

    assert len({place for _status, place in results}) == 1
    assert results[0][0] == 303 and results[0][1].startswith("/mijn/")
    with site.app().app_context():
        assert (db.session.query(Registration).count(), db.session.query(Letter).count()) == (1, 1)


def test_one_address_in_ten_windows_is_one_registration(site):
    an_edition(site, "vensters", 5)
    serve(site)
    spellings = ["ada@example.org", "ADA@example.org", " ada@EXAMPLE.org "]
    guests = [Guest(site.port, "vensters", spellings[number % 3]).fill_in() for number in range(10)]

    results = at_once(guest.press for guest in guests)

    assert sorted(place.rsplit("/", 1)[0] for _status, place in results) == ["/mijn", *["/vensters/inschrijven"] * 9]
    with site.app().app_context():
        assert db.session.query(Registration).count() == 1


def act(app, work, edition_id):
    """Run `work(edition)` as the worker would: a writing transaction in an app context of its own."""

    def run():
        with app.app_context(), writing():
            result = work(db.session.get(Edition, edition_id))
            db.session.commit()
            return result

    return run


def details(number):
    return Details(first_name=f"P{number}", email=f"p{number}@example.org", group="ict")


def test_two_places_given_back_at_once_promote_exactly_two_in_order(app):
    edition = make.an_edition(capacity_onsite=2)
    coming = [make.a_registration(edition, first_name=f"C{number}") for number in range(2)]
    for number in range(3):
        make.a_registration(edition, first_name=f"W{number}", status="waiting", queue_number=number + 1)
    ids = [one.id for one in coming] * 3

    def cancel(number):
        def work(_edition):
            actions.cancel(db.session.get(Registration, number), by=None, now=clock.now())

        return work

    assert at_once(act(app, cancel(number), edition.id) for number in ids) == [None] * 6
    db.session.rollback()
    rows = db.session.query(Registration).order_by(Registration.id).all()
    assert [(row.first_name, row.status) for row in rows] == [
        ("C0", "cancelled"),
        ("C1", "cancelled"),
        ("W0", "confirmed"),
        ("W1", "confirmed"),
        ("W2", "waiting"),
    ]
    kinds = [row.kind for row in db.session.query(Letter).order_by(Letter.id)]
    assert (kinds.count("promoted"), kinds.count("cancelled")) == (2, 2)


def test_registering_and_giving_back_at_once_leaves_nothing_wrong(app):
    edition = make.an_edition(capacity_onsite=4)
    people = [make.a_registration(edition) for _number in range(4)]

    def cancel(number):
        return lambda _edition: actions.cancel(db.session.get(Registration, number), by=None, now=clock.now())

    def register(number):
        return lambda edition: actions.register(edition, now=clock.now(), details=details(number)).status

    work = [*(cancel(one.id) for one in people), *(register(number) for number in range(12))]
    results = at_once(act(app, one, edition.id) for one in work)
    assert not [fault for fault in results if isinstance(fault, Exception)]
    db.session.rollback()
    seats = queries.seats(edition)
    assert (seats.onsite_taken, seats.onsite_waiting) == (4, 8)
    assert list(queries.faults()) == []


def test_without_the_lock_the_same_threads_oversell(app):
    """The control: everybody counts before anybody writes, as without a lock. If this did not oversell, the tests above would prove nothing."""
    edition_id = make.an_edition(capacity_onsite=1).id
    threads = 12
    counted = threading.Barrier(threads)

    def work(number):
        def run():
            with app.app_context():
                edition = db.session.get(Edition, edition_id)
                seats = queries.seats(edition)
                db.session.rollback()
                counted.wait()
                with writing():
                    actions.place(
                        edition, details(number), seats, now=clock.now(), language="nl", source="web", by=None
                    )
                    db.session.commit()

        return run

    results = at_once(work(number) for number in range(threads))
    db.session.rollback()
    assert [fault for fault in results if fault is not None] == []
    assert queries.seats(db.session.get(Edition, edition_id)).onsite_taken == threads


@pytest.mark.kill
@pytest.mark.slow
def test_whatever_was_acknowledged_before_a_kill_is_stored_whole_with_one_letter(tmp_path):
    """Servers killed at random moments under load: what a guest was told is in the database, nothing is half written."""
    site = Installation(tmp_path, BLENDER_LIMITS="100000 per minute")
    site.run("db", "upgrade")
    site.port = free_port()
    an_edition(site, "storm", 10_000)
    acknowledged, number = [], 0
    chance = random.Random(os.environ.get("BLENDER_TEST_SEED", "7"))
    try:
        for _round in range(4):
            server = site.start("serve", "--port", str(site.port), "--workers", "2", "--threads", "4")
            until(lambda: answers(f"http://127.0.0.1:{site.port}/gezond") == 200, 40)
            guests = [Guest(site.port, "storm", f"g{number + index}@example.org").fill_in() for index in range(24)]
            number += len(guests)

            def deadly(server=server, pause=chance.uniform(0.01, 0.4)):
                time.sleep(pause)
                kill(server)

            results = at_once([deadly, *(guest.press for guest in guests)])[1:]
            acknowledged += [
                guest.email
                for guest, result in zip(guests, results, strict=True)
                if isinstance(result, tuple) and result[0] == 303
            ]
        with sqlite3.connect(tmp_path / "blender.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stored = [row[0] for row in connection.execute("SELECT email FROM registrations ORDER BY id")]
            written = [
                row[0]
                for row in connection.execute("SELECT to_email FROM letters WHERE kind = 'confirmed' ORDER BY id")
            ]
        assert set(acknowledged) <= set(stored)
        assert sorted(stored) == sorted(written) == sorted(set(written))
    finally:
        site.close()
