"""The house keeps its shape: every rule of ARCHITECTURE §3 over the whole tree, and every rule tried by breaking it."""

from datetime import datetime
from pathlib import Path

import pytest

from blender_event.core import access, links
from blender_event.core.database import db
from blender_event.extensions import csrf
from tests import architecture
from tests import factories as make
from tests.architecture import File

TOP = Path(__file__).resolve().parent.parent
# The control of the race tests is the app with its lock taken out: the one place where something of ours is replaced.
CONTROLS = {"tests/races/without_lock.py"}


def the_tree():
    for folder in ("blender_event", "tests", "bench"):
        for path in sorted((TOP / folder).rglob("*.py")):
            yield File(str(path.relative_to(TOP)), path.read_text())


FILES = list(the_tree())


@pytest.mark.parametrize("rule", architecture.RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule):
    faults = [f"{file.path}: {fault}" for file in FILES if file.path not in CONTROLS for fault in rule(file)]

    assert not faults, "\n".join(faults)


def test_no_template_is_over_400_lines():
    long = [path.name for path in (TOP / "templates").rglob("*.*") if path.read_text().count("\n") > 400]

    assert long == []


BROKEN = [
    ("imports_point_down", "blender_event/programme/rules.py", "from blender_event.registrations import queries"),
    ("imports_point_down", "blender_event/registrations/actions.py", "from blender_event.pitches import actions"),
    ("imports_point_down", "blender_event/core/text.py", "from blender_event import extensions"),
    ("imports_point_down", "blender_event/calendars/views.py", "import blender_event.portal.views"),
    ("imports_point_down", "blender_event/pages/views.py", "from blender_event.wiring import connect"),
    ("imports_point_down", "blender_event/people/views.py", "from . import actions"),
    ("imports_stand_on_top", "blender_event/mail/outbox.py", "def put():\n    from blender_event.mail import models"),
    ("imports_stand_on_top", "blender_event/mail/outbox.py", "def put():\n    import blender_event.mail.models"),
    ("imports_stand_on_top", "blender_event/mail/outbox.py", "def put():\n    importlib.import_module('x')"),
    ("domain_knows_no_flask", "blender_event/people/actions.py", "from flask import request"),
    ("domain_knows_no_flask", "blender_event/programme/actions_editions.py", "import flask_login"),
    (
        "domain_knows_no_flask",
        "blender_event/registrations/notices.py",
        "from blender_event.people import access\naccess",
    ),
    ("foreign_things_have_one_door", "blender_event/programme/entries.py", "import icalendar"),
    ("foreign_things_have_one_door", "blender_event/mail/outbox.py", "from flask_mail import Message"),
    ("foreign_things_have_one_door", "blender_event/people/views.py", "from flask import session"),
    ("foreign_things_have_one_door", "blender_event/people/views.py", "import flask\nflask.session['x'] = 1"),
    ("foreign_things_have_one_door", "blender_event/admin/views.py", "from flask_login import current_user"),
    ("foreign_things_have_one_door", "blender_event/portal/views.py", "from obstore.store import from_url"),
    ("foreign_things_have_one_door", "blender_event/mail/delivery.py", "from huey import SqliteHuey"),
    (
        "foreign_things_have_one_door",
        "blender_event/programme/rules.py",
        "from datetime import datetime\nnow = datetime.now()",
    ),
    (
        "foreign_things_have_one_door",
        "blender_event/programme/rules.py",
        "import datetime\nnow = datetime.date.today()",
    ),
    ("edges_commit", "blender_event/registrations/actions.py", "db.session.commit()"),
    ("pages_ask_named_questions", "blender_event/programme/views.py", "rows = db.session.scalars(select(Session))"),
    ("pages_ask_named_questions", "blender_event/programme/admin_rooms.py", "db.session.execute(select(Room))"),
    ("pages_ask_named_questions", "blender_event/people/forms.py", "Person.query.all()"),
    ("letters_leave_later", "blender_event/registrations/views.py", "from blender_event.mail import delivery"),
    ("names_say_what_is_inside", "blender_event/core/date_utils.py", "x = 1"),
    ("names_say_what_is_inside", "tests/helpers/forms.py", "x = 1"),
    ("files_are_short", "blender_event/core/text.py", "x = 1\n" * 401),
    ("tests_mock_nothing_of_ours", "tests/test_x.py", "from unittest.mock import patch"),
    ("tests_mock_nothing_of_ours", "tests/test_x.py", "def test_x(mocker): pass"),
    (
        "tests_mock_nothing_of_ours",
        "tests/test_x.py",
        "from blender_event.core import clock\ndef test_x(monkeypatch):\n    monkeypatch.setattr(clock, 'now', 1)",
    ),
    (
        "tests_mock_nothing_of_ours",
        "tests/test_x.py",
        "def test_x(monkeypatch):\n    monkeypatch.setattr('blender_event.core.clock.now', 1)",
    ),
    ("tests_mock_nothing_of_ours", "tests/test_x.py", "from blender_event.core import clock\nclock.now = 1"),
    (
        "migrations_stand_alone",
        "blender_event/migrations/versions/0001_first.py",
        "from blender_event.core.database import Moment",
    ),
    ("modules_say_what_they_are_for", "blender_event/core/text.py", "x = 1"),
    ("modules_say_what_they_are_for", "blender_event/core/text.py", "'''Words.'''\ndef get_words(): pass"),
]


@pytest.mark.parametrize(("rule", "path", "source"), BROKEN)
def test_breaking_a_rule_is_seen(rule, path, source):
    assert list(getattr(architecture, rule)(File(path, source))) != []


FINE = [
    (
        "imports_point_down",
        "blender_event/registrations/actions.py",
        "from blender_event.programme import queries\nfrom blender_event.registrations import rules",
    ),
    ("imports_point_down", "blender_event/jobs.py", "from blender_event.wiring import connect"),
    ("domain_knows_no_flask", "blender_event/people/views.py", "from flask import request"),
    ("foreign_things_have_one_door", "blender_event/core/ics_zones.py", "import icalendar"),
    ("edges_commit", "blender_event/programme/admin_rooms.py", "db.session.commit()"),
    ("edges_commit", "blender_event/cli.py", "db.session.commit()"),
    (
        "tests_mock_nothing_of_ours",
        "tests/test_x.py",
        "import os\ndef test_x(monkeypatch):\n    monkeypatch.setattr(os, 'name', 'x')",
    ),
    (
        "tests_mock_nothing_of_ours",
        "tests/test_x.py",
        "from blender_event.mail import delivery\ndef test_x(monkeypatch):\n    monkeypatch.setattr(delivery, 'TIMEOUT', 1)",
    ),
    ("imports_stand_on_top", "blender_event/registrations/exports.py", "def sheet():\n    import xlsxwriter"),
]


@pytest.mark.parametrize(("rule", "path", "source"), FINE)
def test_what_is_allowed_is_not_seen_as_a_fault(rule, path, source):
    assert list(getattr(architecture, rule)(File(path, source))) == []


@pytest.mark.once
def test_every_route_says_who_may_enter(app):
    without = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if access.policy_of(app.view_functions[rule.endpoint]) is None
    ]

    assert without == []


@pytest.mark.once
def test_a_route_without_a_policy_lets_nobody_in(app):
    """The guard itself, tried on a route that forgot."""
    with app.test_request_context("/"):
        from flask import request

        request.url_rule = type("Rule", (), {"endpoint": "static_file"})()
        view = app.view_functions["static_file"]
        policy = view.__dict__.pop("policy")
        try:
            with pytest.raises(LookupError, match="does not say who may enter"):
                access._guard()
        finally:
            view.policy = policy


@pytest.mark.once
def test_every_page_under_beheer_is_guarded(app):
    open_ones = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/beheer")
        and (
            not rule.endpoint.startswith("admin.")
            or access.policy_of(app.view_functions[rule.endpoint]) in (access.everyone, access.link_holder)
        )
    ]

    assert open_ones == []


@pytest.mark.once
def test_no_view_is_exempt_from_csrf(app):
    assert (csrf._exempt_views, csrf._exempt_blueprints) == (set(), set())


def test_every_kind_of_link_has_a_salt_of_its_own():
    salts = [purpose.value for purpose in links.Purpose.__members__.values()]

    assert len(set(salts)) == len(links.Purpose.__members__) == len(salts)


def test_a_naive_time_cannot_be_stored(app):
    edition = make.an_edition()
    edition.created_at = datetime(2026, 9, 24, 9, 0)

    with pytest.raises(Exception, match="a naive time cannot be stored"):
        db.session.commit()
    db.session.rollback()
