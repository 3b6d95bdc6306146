"""The control: the same fifty guests, the same processes, no lock. If nobody were oversold, the other races would prove nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.processes import answers, until
from tests.races.guest import Guest, at_once

pytestmark = pytest.mark.race
TOP = Path(__file__).resolve().parent.parent.parent


def test_without_the_lock_the_last_place_is_sold_more_than_once(site):
    load = ("--slug", "rush", "--sessions", "0", "--speakers", "0", "--registrations", "0")
    site.run("load", *load, "--capacity", "1")
    gunicorn = Path(sys.executable).parent / "gunicorn"
    told = (
        "--workers",
        "3",
        "--threads",
        "4",
        "--bind",
        f"127.0.0.1:{site.port}",
        "--log-level",
        "error",
        "--no-control-socket",
    )
    command = [gunicorn, *told, "tests.races.without_lock:app"]
    site.started.append(subprocess.Popen(command, env=site.environment, cwd=TOP, stderr=subprocess.PIPE, text=True))
    until(lambda: answers(f"http://127.0.0.1:{site.port}/gezond") == 200, 40)
    guests = [Guest(site.port, "rush", f"guest{number}@example.org").fill_in() for number in range(50)]

    results = at_once(guest.press for guest in guests)

    stands = [guest.stands(place) for guest, (status, place) in zip(guests, results, strict=True) if status == 303]
    assert [status for status, _position in stands].count("confirmed") > 1
