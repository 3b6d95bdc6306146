"""The organisers' table of pitches: 500 with 1,500 reviews against five with fifteen."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from bench import driver, floors
from bench.pages import Pace
from bench.servers import TOP, Installation, Server
from bench.table import Row, at_most
from bench.visitor import Visitor

SIZES = {"bench-pitches-5": (5, 15), "bench-pitches-500": (500, 1500)}  # slug: pitches, reviews


def fill(installation: Installation) -> None:
    """Two editions without anything else."""
    for slug, (pitches, reviews) in SIZES.items():
        nothing = ("--sessions", "1", "--speakers", "1", "--registrations", "1")
        installation.blender("load", "--slug", slug, *nothing, "--pitches", str(pitches), "--reviews", str(reviews))


def table(app: Server, installation: Installation, pace: Pace) -> Iterator[Row]:
    """One organiser's wait for the first page, and the statements it takes."""
    few, many = SIZES
    link = installation.blender("organiser", "invite", "ada@example.org").strip().split()[-1]
    of_few, of_many = asyncio.run(_latency(app, link, (few, many), 12 if pace.quick else 40))
    detail = f"{of_many * 1000:.1f} ms against {of_few * 1000:.1f} ms"
    yield at_most(
        "pitch table, 500 and 1,500 reviews against 5",
        of_many / of_few,
        floors.PITCH_TABLE,
        unit="× latency",
        detail=detail,
    )
    first, second = _statements(installation, few, many)
    yield Row("SQL statements of the pitch table, 500 as 5", f"{second}", f"= {first}", first == second)


async def _latency(app: Server, link: str, slugs: tuple[str, str], times: int) -> list[float]:
    """Median seconds of the table of each edition, asked in turn by one signed-in organiser."""
    visitor = await Visitor.arrive(app.port)
    await visitor.sign_in(link)
    found: dict[str, list[float]] = {slug: [] for slug in slugs}
    for _ in range(times):
        for slug in slugs:
            started = time.perf_counter()
            await visitor.go(f"/beheer/{slug}/pitches")
            found[slug].append(time.perf_counter() - started)
            if visitor.status != 200 or "Jury" not in visitor.page:
                raise driver.Refused(f"the pitches of {slug} answer {visitor.status} at {visitor.path}")
    return [statistics.median(found[slug][2:]) for slug in slugs]


def _statements(installation: Installation, few: str, many: str) -> tuple[int, int]:
    """Counted inside the app's own process."""
    link = installation.blender("organiser", "invite", "ada@example.org").strip().split()[-1]
    done = subprocess.run(
        [sys.executable, "-m", "bench.statements", link, "--", few, many],
        env=installation.environment(), cwd=TOP, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"counting statements failed:\n{done.stderr[-2000:]}")
    lists = json.loads(done.stdout.splitlines()[-1])["lists"]
    row = next(row for row in lists if row["path"] == f"/beheer/{many}/pitches")
    return row["one"], row["thirty"]
