"""A server killed at random moments, web and worker in one process: whoever was told “you are in” is stored and gets one letter."""

import functools
import random
import sqlite3
import time
from collections import Counter

import pytest
from sqlalchemy import update

from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.mail.models import Letter
from tests.flows.processes import Installation, answers, kill, until
from tests.mail.post_office import PostOffice, free_port
from tests.races.guest import Guest, at_once

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(400)]
ROUNDS, GUESTS = 5, 16


@pytest.fixture(autouse=True)
def time_stands_still():
    """Real processes live in real time."""


@pytest.fixture
def office():
    found = PostOffice().open()
    yield found
    found.close()


@pytest.fixture
def site(tmp_path, office):
    found = Installation(tmp_path, BLENDER_SMTP_URL=office.url, BLENDER_LIMITS="100000 per minute")
    found.run("db", "upgrade")
    found.run(
        "load", "--slug", "storm", "--sessions", "0", "--speakers", "0", "--registrations", "0", "--capacity", "40"
    )
    found.port = free_port()
    yield found
    found.close()


def serve(site):
    server = site.start("serve", "--port", str(site.port), "--threads", "8")
    until(lambda: answers(f"http://127.0.0.1:{site.port}/gezond") == 200, 40)
    return server


def leases_end(site):
    """As if a minute went by since the kill: what was being sent may be sent again."""
    with site.app().app_context(), writing():
        db.session.execute(update(Letter).where(Letter.status == "sending").values(lease_until=clock.now()))
        db.session.commit()


def test_whoever_was_acknowledged_is_stored_and_gets_their_letter(site, office):
    chance = random.Random(26)
    acknowledged = []
    for turn in range(ROUNDS):
        server = serve(site)
        guests = [Guest(site.port, "storm", f"g{turn}.{number}@example.org").fill_in() for number in range(GUESTS)]

        told, wanted, pause = [], chance.randrange(1, GUESTS), chance.uniform(0, 0.05)

        def press(guest, told=told):
            if guest.press()[0] == 303:
                told.append(guest.email)

        def strike(server=server, told=told, wanted=wanted, pause=pause):
            """Somewhere in the middle: once so many were told, and a moment more."""
            until(lambda: len(told) >= wanted, 60)
            time.sleep(pause)
            kill(server)

        at_once([strike, *(functools.partial(press, guest) for guest in guests)])
        acknowledged += told
        leases_end(site)

    serve(site)
    until(lambda: {status for _to, status, _tries in site.letters()} <= {"sent"}, 60)

    with sqlite3.connect(site.folder / "blender.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stored = [row[0] for row in connection.execute("SELECT email FROM registrations ORDER BY id")]
        states = Counter(row[0] for row in connection.execute("SELECT status FROM registrations"))
    assert set(acknowledged) <= set(stored), "somebody was told “you are in” and is not stored"
    assert ROUNDS <= len(acknowledged) < ROUNDS * GUESTS
    assert states["confirmed"] == min(40, len(stored))
    assert set(office.addresses) == set(stored), "everybody stored gets a letter, and nobody else"
    once = {(message["To"], message["Message-ID"]) for message in office.messages}
    assert len(once) == len(stored), "a letter may come twice after a kill, but only as the same message"
    assert len(office.messages) - len(stored) <= ROUNDS * 3
    site.run("check", expect=0)
