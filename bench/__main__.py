"""`./dev bench`: build an installation, load it, and print the table."""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench import counting, downloads, floors, pages, pitches, registering, servers, table, uploads, waiting
from bench.pages import Pace
from bench.servers import Installation, Server
from bench.table import Row, heading, show

SIZES = {  # slug: sessions, speakers, registrations
    "bench": (60, 80, 500),
    "bench-groot": (1000, 400, 100),
    "bench-lang": (60, 80, 10000),
    "bench-een": (1, 1, 1),
    "bench-dertig": (30, 30, 30),
}


def fill(installation: Installation, slugs: Iterable[str]) -> None:
    """Migrate and make the editions that are asked for."""
    installation.blender("db", "upgrade")
    for slug in slugs:
        sessions, speakers, registrations = SIZES[slug]
        installation.blender(
            "load", "--slug", slug, "--sessions", str(sessions), "--speakers", str(speakers),
            "--registrations", str(registrations), "--capacity", "100000", "--session-capacity", "40",
        )  # fmt: skip


@contextlib.contextmanager
def sqlite(folder: Path) -> Iterator[Installation]:
    folder.mkdir()
    yield Installation(folder, f"sqlite:///{folder / 'blender.db'}", folder / "server.log")


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[Installation | None]:
    """A database of its own on the PostgreSQL server of the tests, dropped afterwards; None when there is no server."""
    import psycopg
    from psycopg.conninfo import make_conninfo
    from sqlalchemy import make_url

    address = make_url(os.environ.get("BLENDER_TEST_POSTGRES") or "postgresql://postgres@127.0.0.1:5432/postgres")
    plain = address.set(drivername="postgresql")
    name = f"blender_bench_{os.getpid()}"
    try:
        server = psycopg.connect(
            make_conninfo(plain.render_as_string(hide_password=False), connect_timeout=3), autocommit=True
        )
    except psycopg.OperationalError:
        yield None
        return
    folder.mkdir()
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield Installation(
                folder, plain.set(database=name).render_as_string(hide_password=False), folder / "server.log"
            )
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def starts(installation: Installation, times: int) -> Row:
    """From the command to the first programme page; the median."""
    found = []
    for _ in range(times):
        with installation.serve("/bench/programma") as app:
            found.append(app.started_in)
    middle = statistics.median(found)
    return Row(
        "start to first answer", f"{middle:.2f} s", f"≤ {floors.START_SECONDS:g}", middle <= floors.START_SECONDS
    )


def on_sqlite(hello: Server, installation: Installation, pace: Pace) -> Iterator[Row]:
    """Everything but PostgreSQL's registrations."""
    yield starts(installation, 1 if pace.quick else 3)
    with installation.serve() as app:
        yield from pages.throughput(hello, app, "bench", pace)
        yield from registering.registrations(hello, app, "bench", "SQLite", pace)
        yield pages.memory(app)
        yield from waiting.first_renders(hello, app, installation, "bench", "bench-groot", pace)
        yield from waiting.long_list(app, installation, "bench-groot", "bench-lang", pace)
        yield from pitches.table(app, installation, pace)
        yield from pages.weights(app, "bench")
        one_session = pages.session_path(app, "bench")
    cached = ["/bench", "/bench/programma", one_session, "/bench/sprekers", "/bench/programma.ics"]
    yield from counting.statements(installation, cached, "bench-een", "bench-dertig")


def files(installation: Installation, pace: Pace) -> Iterator[Row]:
    """Uploads and downloads, on the threads `blender serve` has by itself: a third of them may hold an upload."""
    with installation.serve(processes=1, threads=24) as app:
        person = uploads.sign_in(app, installation, "bench")
        yield from uploads.incoming(app, installation, person, pace)
        yield from downloads.against_nginx(app, person, installation.folder, pace)


def measure(quick: bool, work: Path) -> Iterator[Row]:
    pace = Pace.of(quick)
    with servers.hello(work) as hello:
        with sqlite(work / "sqlite") as installation:
            fill(installation, SIZES)
            pitches.fill(installation)
            yield from on_sqlite(hello, installation, pace)
            yield from files(installation, pace)
        with postgres(work / "postgres") as installation:
            if installation is None:
                yield Row("complete registration, PostgreSQL", "no server", f"≥ {floors.REGISTRATIONS:g}", None)
                return
            fill(installation, ["bench"])
            with installation.serve() as app:
                yield from registering.registrations(hello, app, "bench", "PostgreSQL", pace)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure Blender against a one-line Flask app.")
    parser.add_argument("--quick", action="store_true", help="one short round of each: a minute, and less certain")
    quick = parser.parse_args().quick
    # Server, reference and driver share the same two processors, so that all ratios mean the same.
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 2:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    started = time.monotonic()
    heading(
        f"Reference: one-line Flask on gunicorn, {servers.PROCESSES} processes × {servers.THREADS} threads, 8 connections.\n"
        "Edition: 60 sessions, 80 speakers, 8 rooms, 500 registrations.\n"
        "× r/s: throughput against hello's. × latency: one client's median against hello's.\n"
    )
    rows = []
    with tempfile.TemporaryDirectory(prefix="blender-bench-") as folder:
        for row in measure(quick, Path(folder)):
            show(row)
            rows.append(row)
    seconds = time.monotonic() - started
    file = table.keep(rows, servers.TOP / "bench" / "results", seconds)
    missed = sum(row.held is False for row in rows)
    heading(f"{len(rows)} rows, {missed} missed, in {seconds:.0f} s. Kept in {file.relative_to(servers.TOP)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
