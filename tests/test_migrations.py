"""Migrations: from nothing up equals the models, and down and up again keeps what was there."""

import json
import re
import shutil
from datetime import UTC, date, datetime, time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import JSON, MetaData, inspect, select

from blender_event import create_app, extensions
from blender_event.core.database import Base, Moment, db
from tests import ground

FIRST_WITH_DATA = "0001"


@pytest.fixture
def empty_app(database, tmp_path):
    """An app on a database without a single table."""
    server = ground.PostgresDatabase(settled=False) if database == "postgresql" else None
    made = create_app(ground.settings(tmp_path, server.url if server else f"sqlite:///{tmp_path / 'blender.db'}"))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    for storage in made.extensions["blender_limits"]:
        storage.engine.dispose()
    if server:
        server.drop()


def differences():
    """What would still have to be migrated to reach the models."""
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(found, Base.metadata)


def checks(inspector):
    return {
        (table, check["name"]) for table in Base.metadata.tables for check in inspector.get_check_constraints(table)
    }


def test_from_nothing_up_equals_the_models(empty_app):
    with empty_app.app_context():
        upgrade()

        assert differences() == []


def test_the_migrated_database_has_every_check_of_the_models(empty_app):
    with empty_app.app_context():
        upgrade()
        migrated = checks(inspect(db.engine))
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)

        assert migrated == checks(inspect(db.engine))


def test_there_is_one_newest_migration():
    script = ScriptDirectory(str(extensions.migrate.directory))

    assert len(script.get_heads()) == 1


def test_going_all_the_way_down_leaves_nothing(empty_app):
    with empty_app.app_context():
        upgrade()
        downgrade(revision="base")

        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}


def test_upgrading_twice_changes_nothing(empty_app):
    with empty_app.app_context():
        upgrade()
        upgrade()

        assert differences() == []


def a_value(column, number):
    """Something that fits a column, different for each number."""
    if column.foreign_keys:
        return number
    if isinstance(column.type, Moment):
        return datetime(2026, 6, 1, 10, number % 60, tzinfo=UTC)
    for check in column.table.constraints:
        known = re.match(rf"{column.name} IN \('(\w*)'", str(getattr(check, "sqltext", "")))
        if known:
            return known[1]
        between = re.match(rf"{column.name} BETWEEN (\d+)", str(getattr(check, "sqltext", "")))
        if between:
            return int(between[1])
    if isinstance(column.type, JSON):
        return {"é": number}
    kind = column.type.python_type
    values = {
        int: number,
        float: number + 0.5,
        str: f"{number}{column.name}"[: getattr(column.type, "length", None) or 60],
        bool: True,
        date: date(2026, 9, number % 27 + 1),
        time: time(9, number % 60),
    }
    return values[kind]


def everything(columns=None):
    """Every row of every table, in a form that can be compared; of each table only the `columns` named for it, when given."""
    metadata = MetaData()
    with db.engine.connect() as connection:
        metadata.reflect(connection)
        return {
            table.name: sorted(
                json.dumps(list(row), default=str, sort_keys=True)
                for row in connection.execute(
                    select(*(c for c in table.c if not columns or c.name in columns[table.name]))
                )
            )
            for table in metadata.sorted_tables
            if table.name != "alembic_version" and (columns is None or table.name in columns)
        }


def columns_now():
    """The names of the columns of every table there is."""
    found = inspect(db.engine)
    return {
        name: [column["name"] for column in found.get_columns(name)]
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def fill(rows):
    with db.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            for number in range(1, rows + 1):
                values = {
                    column.name: a_value(column, number)
                    for column in table.columns
                    if not column.nullable or column.foreign_keys
                }
                if table.name == "sessions":
                    values |= {
                        "starts_at": datetime(2026, 9, 24, 8, tzinfo=UTC),
                        "ends_at": datetime(2026, 9, 24, 9, tzinfo=UTC),
                    }
                connection.execute(table.insert().values(**values))


REBUILDS_A_TABLE = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("editions", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as batch:
        batch.add_column(sa.Column("tried", sa.Integer(), nullable=True))


def downgrade():
    with op.batch_alter_table("editions") as batch:
        batch.drop_column("tried")
"""


def test_rebuilding_a_table_keeps_its_children(empty_app, tmp_path):
    """On SQLite a batch migration copies a table and drops the old one: what points to it must survive."""
    folder = tmp_path / "migrations"
    shutil.copytree(extensions.migrate.directory, folder)
    with empty_app.app_context():
        head = ScriptDirectory(str(folder)).get_current_head()
        (folder / "versions" / "9999_try.py").write_text(REBUILDS_A_TABLE.format(head=head))
        upgrade(directory=str(folder), revision=head)
        fill(3)
        before = everything()
        upgrade(directory=str(folder))
        downgrade(directory=str(folder))

        assert everything() == before
        assert min(len(rows) for rows in before.values()) == 3


def test_down_and_up_again_keeps_the_rows_of_the_tables_that_stay(empty_app):
    with empty_app.app_context():
        upgrade()
        whole = columns_now()
        downgrade(revision=FIRST_WITH_DATA)
        stays = columns_now()
        upgrade()
        downgrade(revision="base")
        upgrade()
        fill(3)
        before = everything(stays)
        downgrade(revision=FIRST_WITH_DATA)
        kept = everything()
        upgrade()
        after = everything(stays)

        assert set(stays) < set(whole)
        assert before == kept == after
        assert differences() == []
