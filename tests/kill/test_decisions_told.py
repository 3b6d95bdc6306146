"""A process killed while it tells decisions: what was told is told whole, the rest still waits, and nobody hears twice."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from blender_event.core.database import db
from blender_event.mail.models import Letter
from blender_event.pitches.models import Pitch
from tests.flows.processes import Installation, kill, until

TOP = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(autouse=True)
def time_stands_still():
    """Real processes live in real time."""


@pytest.fixture
def site(tmp_path):
    found = Installation(tmp_path)
    found.run("db", "upgrade")
    nothing = ("--sessions", "0", "--speakers", "0", "--registrations", "0")
    found.run("load", "--slug", "storm", *nothing, "--pitches", "150", "--reviews", "150")
    yield found
    found.close()


def teller(site):
    command = [sys.executable, "-m", "tests.kill.telling", "storm"]
    process = subprocess.Popen(command, env=site.environment, cwd=TOP, stdout=subprocess.PIPE, text=True)
    site.started.append(process)
    with process.stdout:
        assert process.stdout.readline() == "ready\n"
    return process


def stands(site):
    """Who was told by state and letters: (told, letters about each, still pending)."""
    with site.app().app_context():
        told = {pitch.id: pitch.session_id for pitch in db.session.query(Pitch).filter(Pitch.status == "accepted")}
        about = Counter(letter.about for letter in db.session.query(Letter))
        left = db.session.query(Pitch).filter(Pitch.pending.is_not(None)).count()
        return told, about, left


def test_a_kill_leaves_no_half_told_decision_and_nobody_hears_twice(site):
    before = stands(site)[2]
    for wanted in (3, 12, 20):
        process = teller(site)
        until(lambda wanted=wanted: len(stands(site)[1]) >= wanted, 60)
        time.sleep(0.002 * wanted)
        kill(process)
        told, about, left = stands(site)
        assert set(about) == {f"pitches:{number}" for number in told}
        assert set(about.values()) == {1}
        assert all(told.values()), "an accepted pitch without its session"
        assert len(told) + left == before
        assert left, "it was over before the kill"

    teller(site).wait(200)
    told, about, left = stands(site)
    assert (len(told), left, set(about.values())) == (before, 0, {1})
    site.run("check", expect=0)
