"""Organisers' forms with what no browser would send, and with what people really mistype: words, never a fault of ours."""

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from blender_event.core.errors import Conflict
from blender_event.programme import actions, rules
from blender_event.programme.models import Edition, Session, Speaker
from tests import factories as make

NO_NUMBERS = ["abc", "²", "-1", "9" * 5000, "99999999999999999999"]


@pytest.mark.once
@pytest.mark.parametrize("seen", NO_NUMBERS)
def test_a_hidden_number_that_is_none_counts_as_never_seen(organiser, seen):
    make.an_edition(status="announced")
    session = make.a_session()
    speaker = make.a_speaker()
    for path, kept in (
        (
            f"/beheer/2027/programma/sessies/{session.id}",
            {"title": "Anders", "language": "nl", "level": "", "room": "", "day": "2026-09-24"},
        ),
        (
            f"/beheer/2027/programma/sessies/{session.id}/plaats",
            {"room": "", "day": "2026-09-24", "starts": "11:00", "ends": "12:00"},
        ),
        (f"/beheer/2027/programma/sessies/{session.id}/annuleren", {"when": "later", "tell": "no"}),
        (f"/beheer/2027/sprekers/{speaker.id}", {"name": "Anders", "status": "confirmed"}),
        ("/beheer/2027/toestand", {"status": "open", "tell": "no"}),
        ("/beheer/2027/terugblik", {"title": "Anders"}),
    ):
        answer = organiser.client.post(path, data={"csrf_token": organiser.csrf_token(), "seen": seen, **kept})
        assert answer.status_code in (409, 422), path


@pytest.mark.once
@pytest.mark.parametrize("seen", NO_NUMBERS)
def test_settings_sent_with_an_odd_revision_are_a_conflict(organiser, seen):
    make.an_edition(status="announced")
    answers = organiser.get("/beheer/2027/instellingen").form(None).filled({"motto": "Anders"}, None)
    answer = organiser.client.post("/beheer/2027/instellingen", data=dict(answers) | {"seen": seen})
    assert answer.status_code == 409
    assert db.session.query(Edition).one().motto == ""


@pytest.mark.once
@pytest.mark.parametrize(
    ("first", "last"), [("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31"), ("2026-09-24", "2099-09-24")]
)
def test_days_that_can_be_no_edition_are_refused(organiser, visitor, first, last):
    make.an_edition()
    organiser.submit("/beheer/2027/instellingen", expect=422, starts_on=first, ends_on=last)
    organiser.submit("/beheer/edities/nieuw", expect=422, slug="anders", title="Anders", starts_on=first, ends_on=last)
    assert str(db.session.query(Edition).one().starts_on) == "2026-09-24"
    visitor.get("/2027")


@pytest.mark.once
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_copy_to_a_day_that_cannot_be_is_refused(organiser, day):
    make.an_edition()
    organiser.submit("/beheer/2027/kopie", expect=422, slug="2028", title="Blender 2028", starts_on=day)
    assert db.session.query(Edition).count() == 1


def test_a_speaker_gets_only_a_mail_address_that_can_be_one(organiser):
    make.an_edition()
    organiser.submit("/beheer/2027/sprekers/nieuw", expect=422, name="Sam", email="sam apenstaartje example")
    assert db.session.query(Speaker).count() == 0


def test_the_link_to_join_online_stands_in_no_audit_trail(organiser):
    make.an_edition(join_url="https://join.example.org/geheim-oud")
    session = make.a_session(join_url="https://join.example.org/geheim-sessie")
    organiser.submit("/beheer/2027/instellingen", join_url="https://join.example.org/geheim-nieuw")
    organiser.submit("/beheer/2027/instellingen", join_url="")
    organiser.submit(f"/beheer/2027/programma/sessies/{session.id}", join_url="https://join.example.org/geheim-ander")
    kept = str([(entry.old, entry.new) for entry in db.session.query(AuditEntry)])
    assert "join_url" in kept
    assert "geheim" not in kept


def test_a_place_in_a_list_is_a_number_a_database_can_hold(organiser):
    make.an_edition()
    organiser.submit("/beheer/2027/inrichting/zalen/nieuw", expect=422, name="Zaal", position="99999999999")


def test_two_organisers_at_the_very_same_moment_cannot_overwrite_each_other(app, database, ada):
    """On SQLite the second one waits before reading; on PostgreSQL both have read the same revision when the first commits."""
    edition = make.an_edition()
    session = make.a_session()
    seen = session.revision
    number = session.id
    if database == "postgresql":
        with db.engine.begin() as other:
            other.exec_driver_sql(
                f"UPDATE sessions SET title = 'Van de ander', revision = {seen + 1} WHERE id = {number}"
            )
        with pytest.raises(Conflict):
            actions.change_session(
                session, edition, words={"title": "Van mij"}, slot=rules.slot_of(session), cast=[], seen=seen, by=ada
            )
        db.session.rollback()
        assert db.session.get(Session, number).title == "Van de ander"
