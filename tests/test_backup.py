"""A backup taken while the app runs, restored on either database: nothing lost, nothing sent twice, nothing going backwards."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask_migrate import stamp
from sqlalchemy import event, select

from blender_event import backup, check, load, schema
from blender_event.core import clock, storage
from blender_event.core.database import db, writing
from blender_event.mail import mailings, outbox
from blender_event.mail.models import Letter
from blender_event.programme import queries, release
from blender_event.programme.models import Edition, Session
from blender_event.registrations.models import Registration
from tests import factories as make
from tests.world import World

ICS = "/2027/programma.ics"


@pytest.fixture(autouse=True)
def tables_are_current(app):
    """The test ground makes its tables itself: say so, as a migration would have."""
    stamp(directory=schema.MIGRATIONS)


def everything():
    """Every row of every table, as plain values."""
    db.session.rollback()
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in backup._tables()
    }


def test_what_is_restored_is_what_was_there(app, tmp_path):
    with writing():
        load.load(load.Size("2027", sessions=12, speakers=20, registrations=30, capacity=20))
        db.session.commit()
    before = everything()
    backup.backup(tmp_path / "day")
    with writing():
        for table in reversed(backup._tables()):
            db.session.execute(table.delete())
        db.session.commit()
    backup.restore(tmp_path / "day")
    after = everything()

    moved = {"editions", "sessions", "registrations", "releases"}
    assert {name: rows for name, rows in before.items() if name not in moved} == {
        n: rows for n, rows in after.items() if n not in moved
    }
    assert {name: len(rows) for name, rows in before.items()} == {name: len(rows) for name, rows in after.items()}
    assert people(before) == people(after)
    assert len(people(after)) == 30


def people(rows):
    """Of each registration everything but its sequence and when its calendar changed."""
    names = [column.name for column in Registration.__table__.columns]
    steady = [place for place, name in enumerate(names) if name not in ("sequence", "calendar_changed_at")]
    return [[row[place] for place in steady] for row in rows["registrations"]]


def test_new_rows_after_a_restore_get_numbers_of_their_own(app, tmp_path):
    make.an_edition("2027")
    backup.backup(tmp_path / "day")
    backup.restore(tmp_path / "day")

    assert make.an_edition("2028").id > db.session.scalars(select(Edition.id).where(Edition.slug == "2027")).one()


def test_calendars_never_go_backwards(app, client, tmp_path, time_stands_still):
    make.an_edition("2027")
    session = make.a_session("Chat in de jeugdhulp", at="10:00")
    publish()
    backup.backup(tmp_path / "day")
    uid = session.uid
    for hour in (11, 12, 13):
        time_stands_still.shift(timedelta(hours=1))
        move(hour)
    published = shown(client)
    time_stands_still.shift(timedelta(hours=1))
    backup.restore(tmp_path / "day")
    restored = shown(client)

    assert (published["UID"], restored["UID"]) == (uid, uid)
    assert int(published["SEQUENCE"]) == 3
    assert int(restored["SEQUENCE"]) > 3
    assert restored["DTSTAMP"] > published["DTSTAMP"]
    assert restored["DTSTART"] < published["DTSTART"]


def publish():
    edition = db.session.scalars(select(Edition)).one()
    release.release(edition, by=None, tell=False)
    db.session.commit()


def move(hour):
    session = db.session.scalars(select(Session)).one()
    session.starts_at, session.ends_at = make.a_moment(hour), make.a_moment(hour + 1)
    session.revision += 1
    db.session.scalars(select(Edition)).one().draft_changed_at = clock.now()
    publish()


def shown(client):
    lines = client.get(ICS).get_data(as_text=True).replace("\r\n ", "").split("BEGIN:VEVENT")[1].splitlines()
    return {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in lines if ":" in line}


def test_letters_that_waited_are_held_and_letters_that_went_are_not_sent_again(app, tmp_path, worker):
    sent, _waiting = write("sent@example.org"), write("waiting@example.org")
    sent.status, sent.sent_at = "sent", clock.now()
    db.session.commit()
    backup.backup(tmp_path / "day")
    worker.run()
    held = backup.restore(tmp_path / "day")
    for file in Path(app.config["INSTANCE"], "mail").glob("*.eml"):
        file.unlink()
    worker.run()

    assert held == 1
    assert statuses() == {"sent@example.org": "sent", "waiting@example.org": "held"}
    assert list(Path(app.config["INSTANCE"], "mail").glob("*.eml")) == []

    outbox.release_held()
    db.session.commit()
    worker.run()
    assert statuses()["waiting@example.org"] == "sent"


def test_an_unfinished_mailing_becomes_held_letters(app, tmp_path, worker):
    mailings.expands("trial", lambda _mailing, number: write(f"{number}@example.org", commit=False))
    outbox.announce("trial", make.an_edition(), [1, 2], {})
    db.session.commit()
    backup.backup(tmp_path / "day")
    worker.run()
    held = backup.restore(tmp_path / "day")
    worker.run()

    assert held == 2
    assert statuses() == {"1@example.org": "held", "2@example.org": "held"}


def test_files_come_back_and_later_ones_go(app, tmp_path):
    (tmp_path / "slides").write_bytes(b"%PDF-1.7 slides")
    known, later = storage.new_key("materials"), storage.new_key("materials")
    storage.save(known, tmp_path / "slides")
    backup.backup(tmp_path / "day")
    storage.remove(known)
    storage.save(later, tmp_path / "slides")
    backup.restore(tmp_path / "day")
    storage.fetch(known, tmp_path / "back")

    assert list(storage.keys()) == [known]
    assert (tmp_path / "back").read_bytes() == b"%PDF-1.7 slides"


def test_what_others_put_in_the_bucket_is_not_touched(app, tmp_path):
    (tmp_path / "report").write_bytes(b"of somebody else")
    backup.backup(tmp_path / "day")
    storage.save("reports/2026.pdf", tmp_path / "report")
    backup.backup(tmp_path / "night")
    backup.restore(tmp_path / "day")

    assert list(storage.keys()) == ["reports/2026.pdf"]
    assert [file.name for file in (tmp_path / "night").rglob("000000")] == []
    storage.remove("reports/2026.pdf")


def test_pitches_and_slides_come_back_with_their_files(app, tmp_path):
    World(rows=2)
    before, files = everything(), sorted(storage.keys())
    backup.backup(tmp_path / "day")
    with writing():
        for table in reversed(backup._tables()):
            db.session.execute(table.delete())
        db.session.commit()
    for key in files:
        storage.remove(key)
    backup.restore(tmp_path / "day")
    after = everything()

    assert sorted(storage.keys()) == files
    same = ("calls", "pitches", "pitch_authors", "pitch_files", "reviews", "remarks", "pitch_interests", "judges")
    same += ("materials", "material_versions", "previews", "portraits", "speaker_needs", "speakers", "assignments")
    assert {name: before[name] for name in same} == {name: after[name] for name in same}
    assert all(before[name] for name in same)
    assert [fault for fault in check.faults() if not fault.startswith("letter") and "wait online" not in fault] == []


def test_a_file_that_is_removed_after_its_row_was_read_is_told_by_the_check(app, tmp_path):
    gone, kept = make.a_material(make.a_session()), make.a_material(make.a_session("Twee", at="12:00"))
    first = min(gone.newest.storage_key, kept.newest.storage_key)
    made = []

    def meanwhile(_connection, _cursor, statement, *_more):
        if "material_versions" in statement and not made:
            made.append(first)
            storage.remove(first)

    event.listen(db.engine, "after_cursor_execute", meanwhile)
    backup.backup(tmp_path / "day")
    event.remove(db.engine, "after_cursor_execute", meanwhile)
    backup.restore(tmp_path / "day")

    assert check.faults() == [f"file {first}: a row names it and it is not there"]


def test_a_damaged_backup_changes_nothing(app, tmp_path):
    make.an_edition("2027")
    backup.backup(tmp_path / "day")
    make.an_edition("2028")
    (tmp_path / "day" / "tables" / "editions.jsonl.gz").unlink()

    with pytest.raises(backup.NotRestorable, match="damaged"):
        backup.restore(tmp_path / "day")
    db.session.rollback()
    assert sorted(db.session.scalars(select(Edition.slug))) == ["2027", "2028"]


def test_a_folder_that_is_no_backup_or_not_empty_is_refused(app, tmp_path):
    with pytest.raises(backup.NotRestorable, match="holds no backup"):
        backup.restore(tmp_path)
    (tmp_path / "something").write_text("precious")
    with pytest.raises(backup.NotRestorable, match="not empty"):
        backup.backup(tmp_path)


def test_a_backup_of_another_schema_is_refused(app, tmp_path):
    backup.backup(tmp_path / "day")
    told = tmp_path / "day" / "backup.json"
    told.write_text(told.read_text().replace(f'"schema": "{schema.head()}"', '"schema": "0000"'))

    with pytest.raises(backup.NotRestorable, match="another shape"):
        backup.restore(tmp_path / "day")


def test_a_backup_sees_one_moment(app, tmp_path):
    """An edition that is made while the tables are being read is not in it, nor anything that points to it."""
    made = []

    def meanwhile(_connection, _cursor, statement, *_more):
        if statement.startswith("SELECT") and not made:
            made.append("later")
            other = threading.Thread(target=elsewhere, args=(app,))
            other.start()
            other.join()

    make.an_edition("2027")
    event.listen(db.engine, "after_cursor_execute", meanwhile)
    backup.backup(tmp_path / "day")
    event.remove(db.engine, "after_cursor_execute", meanwhile)
    db.session.rollback()
    assert queries.edition_by_slug("later") is not None

    backup.restore(tmp_path / "day")
    assert sorted(db.session.scalars(select(Edition.slug))) == ["2027"]


def elsewhere(app):
    """Another process makes an edition with a room."""
    with app.app_context(), writing():
        make.a_room("Zaal", edition=make.an_edition("later"))


def write(address, commit=True):
    facts = {"minutes": 30, "link": "https://blender.example.org/x"}
    letter = outbox.put(kind="sign_in", to_email=address, to_name="", language="nl", facts=facts)
    if commit:
        db.session.commit()
    return letter


def statuses():
    db.session.rollback()
    return {letter.to_email: letter.status for letter in db.session.scalars(select(Letter))}


@pytest.mark.postgres
def test_a_backup_of_sqlite_is_restored_into_postgresql(grounds, tmp_path):
    for ground in ("sqlite", "postgresql"):
        grounds.app(ground).empty()
    with grounds.app("sqlite").flask.app_context(), writing():
        load.load(load.Size("2027", sessions=8, speakers=20, registrations=15, capacity=10))
        db.session.commit()
        backup.backup(tmp_path / "day")
        db.session.rollback()
    with grounds.app("postgresql").flask.app_context():
        stamp(directory=schema.MIGRATIONS)
        backup.restore(tmp_path / "day")

        assert db.session.query(Registration).filter_by(status="waiting").count() == 5
        assert make.an_edition("2028").id > db.session.scalars(select(Edition.id).where(Edition.slug == "2027")).one()
        assert queries.published(queries.edition_by_slug("2027")).number == 1
        db.session.rollback()
