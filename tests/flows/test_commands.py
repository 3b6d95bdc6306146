"""The `blender` command as an operator types it."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from blender_event import cli
from tests.flows.processes import Installation, answers, until
from tests.mail.post_office import free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def installation(tmp_path):
    found = Installation(tmp_path)
    yield found
    found.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BLENDER_SECRET_KEY", ""),
        ("BLENDER_SECRET_KEY", "short"),
        ("BLENDER_BASE_URL", ""),
        ("BLENDER_BASE_URL", "http://blender.example.org"),
        ("BLENDER_MAIL_SENDER", ""),
        ("BLENDER_SMTP_URL", "smtp://mail.example.org"),
    ],
)
def test_a_half_set_up_start_is_refused_in_one_line(installation, name, value):
    found = CliRunner().invoke(cli.main, ["serve", "--port", "1"], env=installation.environment | {name: value})

    assert found.exit_code == 1
    assert len(found.output.splitlines()) == 1
    assert name in found.output


def test_a_database_without_tables_or_of_another_version_is_refused_in_one_line(installation):
    said = installation.run("serve", expect=1)
    assert said == "blender: The database has no tables yet. Run: blender db upgrade\n"

    installation.run("db", "upgrade")
    with sqlite3.connect(installation.folder / "blender.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    said = installation.run("worker", expect=1)
    assert said.startswith("blender: The database is newer than this version of Blender.")
    assert len(said.splitlines()) == 1


def test_from_nothing_to_a_living_site(installation):
    installation.run("db", "upgrade")
    assert "2023" in installation.run("demo", "load")
    assert "loaded before" in installation.run("demo", "load")
    link = installation.run("organiser", "invite", "ada@example.org").strip()
    assert link.startswith("http://127.0.0.1:5000/aanmelden/")
    assert "The second step is off." in installation.run("organiser", "lost-phone", "ADA@example.org")
    assert installation.run("forget", "--dry-run") == "Nothing is kept longer than promised.\n"
    assert "Nobody has the address" in installation.run("organiser", "lost-phone", "sam@example.org", expect=1)
    assert installation.letters() == []
    assert installation.run("check") == ""

    port = free_port()
    server = installation.start("serve", "--port", str(port))
    until(lambda: answers(f"http://127.0.0.1:{port}/gezond") == 200)
    assert answers(f"http://127.0.0.1:{port}/voorbeeld/programma") == 200
    assert answers(f"http://127.0.0.1:{port}{link.removeprefix('http://127.0.0.1:5000')}") == 200
    server.terminate()
    assert server.wait(20) == 0


def test_an_edition_of_a_size_and_its_backup(installation, tmp_path_factory):
    installation.run("db", "upgrade")
    installation.run("load", "--slug", "groot", "--sessions", "16", "--registrations", "120", "--capacity", "100")
    assert "is there already" in installation.run("load", "--slug", "groot", expect=1)
    folder = tmp_path_factory.mktemp("backups") / "day"
    installation.run("backup", str(folder))
    rows = json.loads((folder / "backup.json").read_text())["rows"]
    assert (rows["registrations"], rows["sessions"]) == (120, 16)

    other = Installation(tmp_path_factory.mktemp("other"))
    assert "0 letters are kept back" in other.run("restore", str(folder))
    assert other.run("check") == ""
    other.close()


def test_faults_are_one_line_each_and_exit_1(installation):
    installation.run("db", "upgrade")
    (installation.folder / "uploads").mkdir()
    (installation.folder / "uploads" / "orphan").write_text("slides")

    assert installation.run("check", expect=1) == "file orphan: no row knows it\n"
