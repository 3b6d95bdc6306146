"""Whether the database has the shape this version of the code expects."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from blender_event.core.database import db

MIGRATIONS = str(Path(__file__).parent / "migrations")


class OtherSchema(Exception):
    """The database is older or newer than the code; the message is one line that says what to do."""


def head() -> str | None:
    """The newest migration this version of the code knows."""
    return _scripts().get_current_head()


def present() -> str | None:
    """The migration the database stands at; None when it has no tables of ours."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current() -> None:
    """Raises `OtherSchema` unless the database stands exactly at the newest migration."""
    found = present()
    if found == head():
        return
    if found is None:
        raise OtherSchema("The database has no tables yet. Run: blender db upgrade")
    if found in {script.revision for script in _scripts().walk_revisions()}:
        raise OtherSchema("The database is older than this version of Blender. Run: blender db upgrade")
    raise OtherSchema(
        "The database is newer than this version of Blender. Install the newer Blender, or restore a backup."
    )


def _scripts() -> ScriptDirectory:
    settings = Config()
    settings.set_main_option("script_location", MIGRATIONS.replace("%", "%%"))
    return ScriptDirectory.from_config(settings)
