"""Aware times, writers that lock first, and constraints that repeat the rules."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from blender_event.core.database import LOCK_SECONDS, db, writing
from blender_event.core.errors import Conflict
from blender_event.programme.models import Edition, Session
from tests import factories as make


def test_a_moment_comes_back_aware_and_in_utc(app):
    brussels = timezone(timedelta(hours=2))
    edition = make.an_edition(registration_opens_at=datetime(2026, 6, 1, 10, 0, tzinfo=brussels))
    db.session.expire_all()

    assert edition.registration_opens_at == datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    assert edition.registration_opens_at.tzinfo is UTC


def test_foreign_keys_hold(app):
    with pytest.raises(IntegrityError):
        make.a_room(edition=Edition(id=999_999))
    db.session.rollback()


@pytest.mark.parametrize(
    "facts",
    [{"minutes": 0}, {"minutes": -30}, {"status": "gone"}, {"capacity": -1}, {"ends_at": None}],
)
def test_a_session_that_cannot_be_is_refused_by_the_database_too(app, facts):
    make.an_edition()
    with pytest.raises(IntegrityError):
        make.a_session(**facts)
    db.session.rollback()


@pytest.mark.parametrize(
    "facts", [{"status": "waiting", "queue_number": None}, {"status": "there"}, {"attendance": "boat"}]
)
def test_a_registration_that_cannot_be_is_refused_by_the_database_too(app, facts):
    make.an_edition()
    with pytest.raises(IntegrityError):
        make.a_registration(**facts)
    db.session.rollback()


def test_an_address_has_one_active_registration_in_an_edition(app):
    edition = make.an_edition()
    make.a_registration(edition, email="sam@example.org", status="cancelled")
    make.a_registration(edition, email="sam@example.org")
    with pytest.raises(IntegrityError):
        make.a_registration(edition, email="SAM@example.org", status="waiting")
    db.session.rollback()


def test_who_saves_what_they_did_not_see_is_told(app):
    session = make.a_session()
    session.expect(0)

    with pytest.raises(Conflict):
        session.expect(0)
    assert session.revision == 1


def test_a_writer_takes_its_lock_before_it_reads(app, database):
    """On SQLite two writers that read first would both fail; the second one waits until the first is done."""
    make.an_edition()
    with writing():
        db.session.execute(text("SELECT 1"))
        locked = db.session.connection().info.get("locked_at")
    db.session.rollback()

    assert (locked is not None) == (database == "sqlite")


def test_a_reader_takes_no_lock(app):
    make.an_edition()
    db.session.execute(text("SELECT 1"))

    assert db.session.connection().info.get("locked_at") is None


def test_how_long_a_lock_was_held_is_measured(app, database):
    if database == "sqlite":
        before = LOCK_SECONDS._sum.get()
        with writing():
            make.an_edition("gemeten")
        assert LOCK_SECONDS._sum.get() > before


def test_a_view_that_forgets_to_commit_would_be_seen(app, visitor):
    """What a request did not commit is gone for the test: its session is another one."""
    make.an_edition("2027")
    made = db.session.query(Session).count()
    with app.app_context():
        db.session.add(
            Session(
                edition_id=db.session.query(Edition).one().id,
                title="Nooit vastgelegd",
                created_at=datetime(2026, 6, 16, tzinfo=UTC),
            )
        )
        db.session.flush()
        inside = db.session.query(Session).count()
        db.session.rollback()

    assert (made, inside, db.session.query(Session).count()) == (0, 1, 0)
