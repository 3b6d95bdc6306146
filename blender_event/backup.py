"""Database and files together, in a form that both databases read; and back again without sending a letter twice."""

import contextlib
import gzip
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, cast

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import Column, Connection, Date, Table, Time, func, insert, select, text, update

from blender_event import schema
from blender_event.core import clock, storage
from blender_event.core.database import Base, Moment, db, writing
from blender_event.mail import mailings
from blender_event.mail import queries as mail
from blender_event.mail.models import Letter
from blender_event.programme.models import Edition, Release, Session
from blender_event.registrations.models import Registration

FORGOTTEN = {"rate_counts"}  # worth nothing an hour later
AHEAD = 1000  # how far sequences jump: past anything published since the backup was made
BATCH = 500
Row = dict[str, Any]


class NotRestorable(Exception):
    """The folder is no backup this version can restore; the message is one line that says why."""


def backup(folder: Path) -> None:
    """Write everything into a new folder, as it was at one moment, while the app runs.

    The folder appears whole or not at all. Raises `NotRestorable` when it holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise NotRestorable(f"{folder} is not empty. Choose another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "tables").mkdir(parents=True)
    (unfinished / "files").mkdir()
    unfinished.chmod(0o700)
    counts = _write_tables(unfinished / "tables")
    files = _write_files(unfinished / "files")
    told = {"blender": current_app.config["VERSION"], "schema": schema.head(), "made_at": clock.now().isoformat()}
    (unfinished / "backup.json").write_text(json.dumps(told | {"rows": counts, "files": files}, indent=1))
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)


def restore(folder: Path) -> int:
    """Replace database and files by those of the folder; how many letters are kept back. All of the database or nothing.

    Letters that waited are held until an organiser releases them. Sequences and dates of change go forward, so that no
    calendar that was published since the backup is newer than what it finds now.
    """
    told = _told(folder)
    upgrade(directory=schema.MIGRATIONS)
    if told["schema"] != schema.head():
        raise NotRestorable(
            f"This backup was made by Blender {told['blender']} with another shape of the database. "
            "Restore it with that version, then upgrade."
        )
    with writing():
        connection = db.session.connection()
        _replace_rows(connection, folder / "tables", told["rows"])
        _go_forward()
        held = _hold_letters()
        db.session.commit()
    _replace_files(folder / "files", told["files"])
    return held


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in FORGOTTEN]


def _write_tables(folder: Path) -> dict[str, int]:
    """One line of JSON per row, all read in one transaction that sees one moment."""
    counts = {}
    options = {} if db.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with db.engine.connect().execution_options(**options) as connection:
        for table in _tables():
            rows = connection.execution_options(stream_results=True).execute(select(table)).mappings()
            counts[table.name] = _write_lines(folder / f"{table.name}.jsonl.gz", rows)
    return counts


def _write_lines(file: Path, rows: Iterable[Any]) -> int:
    written = 0
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        for row in rows:
            lines.write(json.dumps(dict(row), ensure_ascii=False, default=_plain) + "\n")
            written += 1
    return written


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written into a backup")


def _write_files(folder: Path) -> dict[str, str]:
    """Each stored file under a number, and which key it had: keys are no file names. One that was removed meanwhile is gone."""
    files = {}
    for number, key in enumerate(sorted(filter(storage.is_ours, storage.keys()))):
        name = f"{number:06d}"
        with contextlib.suppress(storage.Missing):
            storage.fetch(key, folder / name)
            files[name] = key
    return files


def _told(folder: Path) -> Row:
    try:
        return cast(Row, json.loads((folder / "backup.json").read_text()))
    except (OSError, ValueError) as fault:
        raise NotRestorable(f"{folder} holds no backup of Blender.") from fault


def _replace_rows(connection: Connection, folder: Path, counts: dict[str, int]) -> None:
    tables = _tables()
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for table in reversed(tables):
        connection.execute(table.delete())
    for table in tables:
        written = 0
        for rows in _batches(_read_lines(folder / f"{table.name}.jsonl.gz", table)):
            connection.execute(insert(table), rows)
            written += len(rows)
        if written != counts.get(table.name, 0):
            raise NotRestorable(
                f"The backup is damaged: {written} rows of {table.name} instead of {counts.get(table.name)}."
            )
        _count_on(connection, table)


def _read_lines(file: Path, table: Table) -> Iterator[Row]:
    if not file.exists():
        return
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield {column.name: _typed(column, row[column.name]) for column in table.columns if column.name in row}


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    for kind, read in ((Moment, datetime.fromisoformat), (Date, date.fromisoformat), (Time, time.fromisoformat)):
        if isinstance(column.type, kind):
            return read(value)
    return value


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _count_on(connection: Connection, table: Table) -> None:
    """New rows get numbers after the restored ones (SQLite does so by itself)."""
    key = table.primary_key.columns.get("id")
    if connection.dialect.name != "postgresql" or key is None or not issubclass(key.type.python_type, int):
        return
    last = connection.execute(select(func.max(key))).scalar()
    counter = connection.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar()
    if counter and last:
        connection.execute(select(func.setval(counter, last)))


def _go_forward() -> None:
    """Calendars only believe what is newer: raise every sequence, in the published programmes too."""
    now = clock.now()
    for row, moment in (
        (Edition, "calendar_changed_at"),
        (Session, "changed_at"),
        (Registration, "calendar_changed_at"),
    ):
        db.session.execute(update(row).values({"sequence": row.sequence + AHEAD, moment: now}))
    db.session.execute(update(Edition).values(public_revision=Edition.public_revision + AHEAD))
    for release in db.session.scalars(select(Release)):
        points = [
            point | {"sequence": point["sequence"] + AHEAD, "changed_at": now.isoformat()}
            for point in release.snapshot["points"]
        ]
        release.snapshot = release.snapshot | {"points": points}


def _hold_letters() -> int:
    """What waited stays where it is, and so do the letters of mailings that were not finished."""
    for mailing_id in mail.unfinished_mailings():
        while mailings.expand_some(mailing_id):
            pass
    waiting = update(Letter).where(Letter.status.in_(("queued", "sending"))).values(status="held", lease_until=None)
    db.session.execute(waiting.execution_options(synchronize_session=False))
    return db.session.scalar(select(func.count()).where(Letter.status == "held")) or 0


def _replace_files(folder: Path, files: dict[str, str]) -> None:
    for name, key in files.items():
        storage.save(key, folder / name)
    for key in set(filter(storage.is_ours, storage.keys())) - set(files.values()):
        storage.remove(key)
