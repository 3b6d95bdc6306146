"""The `blender` command: serve, work, migrate, load, check, back up and restore."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade

from blender_event import backup as archive
from blender_event import check as integrity
from blender_event import config, create_app, demonstration, forgetting, jobs, schema, server
from blender_event import load as generator
from blender_event.core import logs
from blender_event.core.database import db, writing
from blender_event.core.errors import RuleBroken
from blender_event.people import actions as people
from blender_event.people import queries as people_queries


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(config.VERSION, prog_name="blender")
def main() -> None:
    """Blender, the event app of the Flemish networking day."""
    logs.prepare()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.option(
    "--workers", default=1, show_default=True, help="Web processes; with more than one, run `blender worker` too."
)
@click.option("--threads", default=24, show_default=True, help="Threads of each web process.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the app; a single web process also sends the letters."""
    _with_app(schema.require_current)
    server.serve(host=host, port=port, workers=workers, threads=threads)


@main.command()
@click.option("--threads", default=2, show_default=True, help="Letters sent at the same time.")
def worker(threads: int) -> None:
    """Send letters and do what waits, until stopped."""
    app = _app()
    with app.app_context():
        _or_refuse(schema.require_current)
    jobs.Worker(app, embedded=False, threads=threads).run()


@main.group(name="db")
def database() -> None:
    """The database's shape."""


@database.command(name="upgrade")
def db_upgrade() -> None:
    """Make or bring up to date every table."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _with_app(lambda: upgrade(directory=schema.MIGRATIONS))


@main.group()
def demo() -> None:
    """The demonstration editions."""


@demo.command(name="load")
def demo_load() -> None:
    """Load the demonstration editions that are not there yet; no letters are written."""
    slugs = _with_app(_writing(demonstration.load))
    click.echo(f"Loaded: {', '.join(slugs)}." if slugs else "The demonstration was loaded before.")


@main.group()
def organiser() -> None:
    """Who organises."""


@organiser.command()
@click.argument("address")
def invite(address: str) -> None:
    """Make ADDRESS an organiser of every edition and print a link to sign in with."""

    def work() -> str:
        link = people.invite_first(address)
        db.session.commit()
        return link

    click.echo(_with_app(_writing(work)))


@organiser.command()
@click.argument("address")
def lost_phone(address: str) -> None:
    """Ask ADDRESS no code any more: for the organiser who lost the phone and is alone."""

    def work() -> bool:
        person = people_queries.person_by_email(address)
        if person is not None:
            people.switch_off_second_factor(person, by=None)
            db.session.commit()
        return person is not None

    if not _with_app(_writing(work)):
        raise click.ClickException(f"Nobody has the address {address}.")
    click.echo("The second step is off.")


@main.command()
@click.option("--slug", required=True)
@click.option("--sessions", default=60, show_default=True)
@click.option("--speakers", default=80, show_default=True)
@click.option("--registrations", default=500, show_default=True)
@click.option("--capacity", default=1000, show_default=True, help="Places on site.")
@click.option("--session-capacity", default=None, type=int, help="Places in each session.")
@click.option("--pitches", default=0, show_default=True, help="Pitches in one call.")
@click.option("--reviews", default=0, show_default=True, help="Reviews of them, spread evenly.")
def load(**sizes: Any) -> None:
    """Make an edition of any size, released and with registration open; no letters are written."""

    def work() -> None:
        generator.load(generator.Size(**sizes))
        db.session.commit()

    _with_app(_writing(work))
    click.echo(f"Loaded: {sizes['slug']}.")


@main.command()
def check() -> None:
    """Look for what should not be: one line per fault, and exit 1."""
    faults = _with_app(_current(integrity.faults))
    for fault in faults:
        click.echo(fault)
    sys.exit(1 if faults else 0)


@main.command()
@click.option("--dry-run", is_flag=True, help="Say what would go and keep it.")
def forget(dry_run: bool) -> None:
    """Forget what is kept no longer than promised; the worker does the same each hour."""
    gone = _with_app(_current(lambda: forgetting.forget(rehearse=dry_run)))
    for one in gone:
        click.echo(str(one))
    if not gone:
        click.echo("Nothing is kept longer than promised.")
    elif dry_run:
        click.echo("Nothing was removed.")


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def backup(folder: Path) -> None:
    """Write database and files into FOLDER, while the app runs."""
    _with_app(_current(lambda: archive.backup(folder)))
    click.echo(f"Written: {folder}.")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Replace database and files by those of FOLDER. Waiting letters are kept back until an organiser sends them."""
    held = _with_app(lambda: archive.restore(folder))
    click.echo(f"Restored. {held} letters are kept back in the outbox.")


def _app() -> Flask:
    """The app of this installation. Exits with one line when its settings are not fit for use."""
    try:
        config.require_safe(config.settings())
    except config.UnsafeSettings as unsafe:
        _refuse(str(unsafe))
    return create_app()


def _with_app(work: Callable[[], Any]) -> Any:
    """Do one piece of work inside the app, then let go of everything it holds."""
    app = _app()
    try:
        with app.app_context():
            return _or_refuse(work)
    finally:
        app.extensions["blender_jobs"].close()


def _current(work: Callable[[], Any]) -> Callable[[], Any]:
    """The same work, refused unless the database has the shape this version expects."""

    def inside() -> Any:
        schema.require_current()
        return work()

    return inside


def _writing(work: Callable[[], Any]) -> Callable[[], Any]:
    """The same work, with transactions that take the write lock at once."""

    def inside() -> Any:
        with writing():
            return work()

    return _current(inside)


def _or_refuse(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except (schema.OtherSchema, archive.NotRestorable, generator.AlreadyThere, RuleBroken) as reason:
        _refuse(str(reason))


def _refuse(reason: str) -> None:
    click.echo(f"blender: {reason}", err=True)
    sys.exit(1)
