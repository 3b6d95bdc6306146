"""The test ground: one app per database and worker, emptied before each test, with time standing still.

Every test that asks for `app` (or anything made from it) runs on SQLite and on PostgreSQL. Mark it `once` when nothing
in it depends on the database.
"""

import os
import traceback
from datetime import UTC, datetime

import pytest
import time_machine
from flask import got_request_exception

from blender_event.core.database import db
from tests import factories as make
from tests import ground
from tests.visitor import Visitor, signed_in

NOW = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)  # a Tuesday in summer time


def pytest_configure(config):
    for name in [name for name in os.environ if name.startswith("BLENDER_")]:
        if name not in ("BLENDER_TEST_POSTGRES", "BLENDER_NO_SKIPS"):
            del os.environ[name]  # the settings of a running installation stay outside
    config.addinivalue_line("markers", "once: nothing here depends on the database, SQLite is enough")


def pytest_generate_tests(metafunc):
    if "database" in metafunc.fixturenames:
        names = [pytest.param("sqlite", id="sqlite")]
        if metafunc.definition.get_closest_marker("once") is None:
            names.append(pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgres))
        metafunc.parametrize("database", names, indirect=True)


def pytest_collection_modifyitems(items):
    """Tests with a browser take turns on one worker, those with processes of their own on one too: they load the machine."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif any(item.get_closest_marker(name) for name in ("kill", "race")):
            item.add_marker(pytest.mark.xdist_group("processes"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With BLENDER_NO_SKIPS=1 a test that was skipped has failed: nothing may be missing there."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("BLENDER_NO_SKIPS") == "1":
        report.outcome = "failed"
        report.longrepr = f"skipped, and BLENDER_NO_SKIPS=1: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def time_stands_still():
    """Tuesday 16 June 2026, noon in Brussels. `time_stands_still.move_to(moment)` goes elsewhere."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def grounds(tmp_path_factory):
    """The apps of this worker by database, made at first use."""
    made = ground.Grounds(tmp_path_factory.mktemp("ground"))
    yield made
    made.close()


@pytest.fixture
def database(request):
    """The name of the database this test runs on: `sqlite` or `postgresql`."""
    return request.param


@pytest.fixture
def app(database, grounds):
    """The app on an empty database, with the test's own app context; each request makes its own."""
    found = grounds.app(database)
    found.empty()
    with found.flask.app_context():
        yield found.flask
        db.session.rollback()


@pytest.fixture
def client(app):
    """A bare test client over https, without a session. CSRF is on: forms go through `visitor`."""
    return app.test_client()


@pytest.fixture
def visitor(app):
    """Somebody with a browser, not signed in."""
    return Visitor(app)


@pytest.fixture
def ada(app):
    """The person Ada: organiser of every edition, with the right to see needs."""
    return make.an_organiser("Ada Lovelace", sees_needs=True)


@pytest.fixture
def organiser(app, ada):
    """Ada's browser, signed in."""
    return signed_in(app, ada)


@pytest.fixture
def desk(app):
    """The browser of Grace, who has only the desk's role, in every edition."""
    return signed_in(app, make.a_person("Grace Hopper", role="desk"))


@pytest.fixture
def mallory(app):
    """A browser signed in as Mallory, who has no role at all."""
    return signed_in(app, make.a_person("Mallory"))


@pytest.fixture
def worker(app):
    """The worker, run by hand: `worker.run()` makes mailings into letters and delivers what is due."""
    return ground.Worker(app)


@pytest.fixture
def letters(app):
    """`letters()` lists the rows of the outbox, oldest first; `letters(to="sam@example.org", kind="confirmation")` some."""
    return ground.letters


@pytest.fixture
def calm(app):
    """Errors inside views become 500 pages, as in production; `calm` lists what they were. For tests that go through everything."""
    seen = []

    def note(_sender, exception, **_more):
        place = traceback.extract_tb(exception.__traceback__)[-1]
        seen.append(
            f"{type(exception).__name__}: {str(exception)[:200]} ({place.filename.split('/')[-1]}:{place.lineno})"
        )

    kept, app.config["PROPAGATE_EXCEPTIONS"] = app.config["PROPAGATE_EXCEPTIONS"], False
    with got_request_exception.connected_to(note, app):
        yield seen
    app.config["PROPAGATE_EXCEPTIONS"] = kept
