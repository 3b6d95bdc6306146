"""The same button pressed by many hands at one moment: one review, one remark, each pitch given once."""

import contextvars
import threading

import pytest

from blender_event.core.database import db
from blender_event.mail.models import Letter
from blender_event.pitches.models_judging import Assignment, Remark, Review
from tests import factories as make
from tests.pitches.judging import Jury

pytestmark = [pytest.mark.race, pytest.mark.slow]
HANDS = 6


def at_once(app, browser, path, answers):
    """Send the same answers from many threads with the browser's cookie; the statuses."""
    cookie = browser.client.get_cookie("__Host-blender", domain="blender.example.org")
    barrier, statuses = threading.Barrier(HANDS), []

    def press():
        with app.app_context():
            client = app.test_client()
            client.set_cookie("__Host-blender", cookie.value, domain="blender.example.org", secure=True)
            barrier.wait()
            statuses.append(
                client.post(path, data=answers, headers={"Referer": f"https://blender.example.org{path}"}).status_code
            )

    threads = [threading.Thread(target=contextvars.Context().run, args=(press,)) for _hand in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.rollback()
    return statuses


def test_many_presses_are_one_review(app):
    jury = Jury(app)
    rik = jury.browser(jury.rik)
    answers = rik.get(jury.page(jury.first)).form("review-form").filled({"advice": "yes", "strengths": "Goed."})

    statuses = at_once(app, rik, jury.page(jury.first), answers)

    assert statuses == [302] * HANDS
    assert [(one.advice, one.revision) for one in db.session.query(Review)] == [("yes", 0)]


def test_many_presses_are_one_remark(app):
    jury = Jury(app)
    make.a_review(jury.first, jury.rik)
    rik = jury.browser(jury.rik)
    answers = rik.get(jury.page(jury.first)).form("remark-form").filled({"words": "Bellen?"})

    statuses = at_once(app, rik, f"{jury.page(jury.first)}/opmerking", answers)

    assert statuses == [302] * HANDS
    assert db.session.query(Remark).count() == 1


def test_many_presses_give_each_pitch_once_and_mail_each_judge_once(app, organiser):
    jury = Jury(app)
    path = f"{jury.jury}/verdelen/gelijk?each=2"
    answers = organiser.get(path).form().filled({})

    statuses = at_once(app, organiser, path, answers)

    assert sorted(statuses) == [302] + [422] * (HANDS - 1)
    assert db.session.query(Assignment).count() == 6
    assert db.session.query(Letter).filter(Letter.kind == "review_invited").count() == 2
