"""Workers are killed, servers stall: each letter still goes out, and once."""

import random
import signal
import time
from collections import Counter

import pytest
from sqlalchemy import update

from blender_event.core import clock
from blender_event.core.database import db, writing
from blender_event.mail.models import Letter
from tests.flows.processes import Installation, answers, kill, until
from tests.mail.post_office import PostOffice, free_port

pytestmark = [pytest.mark.kill, pytest.mark.slow]


@pytest.fixture(autouse=True)
def time_stands_still():
    """Real processes live in real time."""


@pytest.fixture
def office():
    found = PostOffice().open()
    yield found
    found.close()


@pytest.fixture
def installation(tmp_path, office):
    found = Installation(tmp_path, BLENDER_SMTP_URL=office.url)
    found.run("db", "upgrade")
    yield found
    found.close()


def lease_ends(installation):
    """As if a minute went by since the worker was killed."""
    with installation.app().app_context(), writing():
        db.session.execute(update(Letter).where(Letter.status == "sending").values(lease_until=clock.now()))
        db.session.commit()


def test_a_letter_committed_before_a_crash_goes_out_after_it(installation, office):
    installation.write("sam@example.org")
    installation.start("worker")

    until(lambda: office.addresses == ["sam@example.org"])
    until(lambda: installation.letters() == [("sam@example.org", "sent", 1)])


def test_a_letter_goes_out_within_two_seconds(installation, office):
    installation.start("worker")
    installation.write("first@example.org")
    until(lambda: office.addresses == ["first@example.org"])
    begun = time.monotonic()
    installation.write("second@example.org")
    until(lambda: len(office.addresses) == 2)

    assert time.monotonic() - begun < 2


def test_a_worker_killed_while_the_server_thinks_sends_the_letter_again_under_the_same_id(installation, office):
    office.counter.delays = {"sam@example.org": 1}
    installation.write("sam@example.org")
    worker = installation.start("worker")
    until(lambda: installation.letters() == [("sam@example.org", "sending", 1)])
    kill(worker)
    until(lambda: len(office.addresses) <= 1)
    lease_ends(installation)
    installation.start("worker")

    until(lambda: installation.letters() == [("sam@example.org", "sent", 2)])
    assert len({message["Message-ID"] for message in office.messages}) == 1
    assert 1 <= len(office.messages) <= 2


def test_two_worker_processes_send_each_letter_once(installation, office):
    addresses = [f"{number}@example.org" for number in range(40)]
    installation.start("worker")
    installation.start("worker")
    for start in range(0, 40, 10):
        installation.write(*addresses[start : start + 10])

    until(lambda: {status for _to, status, _tries in installation.letters()} == {"sent"}, 60)
    assert sorted(office.addresses) == sorted(addresses)


def test_a_worker_killed_at_random_moments_loses_no_letter(installation, office):
    chance = random.Random(7)
    addresses = [f"{number}@example.org" for number in range(60)]
    office.counter.delays = dict.fromkeys(addresses, 0.02)
    installation.write(*addresses)
    kills = 4
    for _kill in range(kills):
        worker = installation.start("worker")
        until(lambda before=len(office.addresses): len(office.addresses) > before)
        time.sleep(chance.random() * 0.4)
        kill(worker)
        lease_ends(installation)
    installation.start("worker")

    until(lambda: {status for _to, status, _tries in installation.letters()} == {"sent"}, 60)
    assert set(office.addresses) == set(addresses)
    doubles = len(office.addresses) - len(addresses)
    assert doubles <= kills * 3  # at most what its threads and its sweep held when it was killed
    ids = Counter(message["Message-ID"] for message in office.messages)
    assert len(ids) == len(addresses)


def test_a_mail_server_that_was_away_gets_everything_when_it_is_back(installation, office):
    office.close()
    installation.start("worker")
    installation.write("1@example.org", "2@example.org", "3@example.org")
    until(lambda: any(tries for _to, _status, tries in installation.letters()))
    office.open()
    with installation.app().app_context(), writing():
        db.session.execute(update(Letter).where(Letter.to_email == "1@example.org").values(due_at=clock.now()))
        db.session.commit()

    until(lambda: {status for _to, status, _tries in installation.letters()} == {"sent"}, 45)
    assert sorted(office.addresses) == ["1@example.org", "2@example.org", "3@example.org"]


def test_a_worker_that_is_asked_to_stop_stops_cleanly(installation, office):
    worker = installation.start("worker")
    installation.write("sam@example.org")
    until(lambda: office.addresses == ["sam@example.org"])
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(20) == 0


def test_the_single_web_process_sends_letters_itself_and_a_killed_one_is_made_up_for(installation, office):
    port = free_port()
    server = installation.start("serve", "--port", str(port))
    until(lambda: answers(f"http://127.0.0.1:{port}/gezond") == 200)
    installation.write("1@example.org")
    until(lambda: office.addresses == ["1@example.org"])
    kill(server)
    installation.write("2@example.org")
    installation.start("serve", "--port", str(port))

    until(lambda: office.addresses == ["1@example.org", "2@example.org"])


def test_with_several_web_processes_the_worker_sends(installation, office):
    port = free_port()
    installation.start("serve", "--port", str(port), "--workers", "2", "--threads", "4")
    until(lambda: answers(f"http://127.0.0.1:{port}/gezond") == 200)
    installation.write("1@example.org")
    time.sleep(1.5)
    assert office.addresses == []
    installation.start("worker")

    until(lambda: office.addresses == ["1@example.org"])
