"""What one client waits for: the first page after a release, and a long list of registrations."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from bench import driver, floors
from bench.pages import HELLO, Pace
from bench.servers import TOP, Installation, Server
from bench.table import Row, at_most
from bench.visitor import Visitor


class Releaser:
    """A second process that releases an edition when told to, as an organiser elsewhere would."""

    def __init__(self, installation: Installation) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.releaser"],
            env=installation.environment(), cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def release(self, slug: str) -> None:
        assert self.process.stdin and self.process.stdout
        print(slug, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline().strip()
        if not line.startswith("released"):
            raise driver.Refused(f"the edition could not be released: {line or 'the process ended'}")

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)


async def _after_releases(app: Server, releaser: Releaser, slug: str, times: int) -> float:
    """The median seconds of the first answer after each of so many releases."""
    path = f"/{slug}/programma"
    wish = driver.request(path, Accept_Encoding="gzip")
    found = []
    for _ in range(times):
        connection = await driver.connect(app.port)
        await connection.ask(wish)
        tag = connection.answer().header("etag")
        releaser.release(slug)
        started = time.perf_counter()
        status = await connection.ask(wish)
        found.append(time.perf_counter() - started)
        if status != 200 or connection.answer().header("etag") == tag:
            raise driver.Refused(f"{path} is the same after a release")
        connection.close()
    return statistics.median(found)


def first_renders(
    hello: Server, app: Server, installation: Installation, small: str, large: str, pace: Pace
) -> Iterator[Row]:
    """An edition of 60 sessions against hello, and one of 1,000 against that of 60."""
    releaser = Releaser(installation)
    try:
        times = 7 if pace.quick else 15
        before = driver.latency(hello.port, HELLO, times=200)
        of_60 = asyncio.run(_after_releases(app, releaser, small, times))
        after = driver.latency(hello.port, HELLO, times=200)
        of_1000 = asyncio.run(_after_releases(app, releaser, large, 3 if pace.quick else 5))
    finally:
        releaser.close()
    reference = (before + after) / 2
    detail = f"{of_60 * 1000:.1f} ms against {reference * 1000:.2f} ms"
    yield at_most(
        "first programme page after a release, 60 sessions",
        of_60 / reference,
        floors.FIRST_RENDER,
        unit="× latency",
        detail=detail,
    )
    detail = f"{of_1000 * 1000:.0f} ms in all"
    yield at_most(
        "the same per session, 1,000 against 60",
        (of_1000 / 1000) / (of_60 / 60),
        floors.PER_SESSION,
        unit="×",
        detail=detail,
    )


async def _list_latency(app: Server, link: str, slugs: tuple[str, str], times: int) -> list[float]:
    """Median seconds of the registrations list of each edition, asked in turn by one signed-in organiser."""
    visitor = await Visitor.arrive(app.port)
    await visitor.sign_in(link)
    found: dict[str, list[float]] = {slug: [] for slug in slugs}
    for _ in range(times):
        for slug in slugs:
            started = time.perf_counter()
            await visitor.go(f"/beheer/{slug}/inschrijvingen")
            found[slug].append(time.perf_counter() - started)
            if visitor.status != 200 or f"/beheer/{slug}/inschrijvingen" not in visitor.path:
                raise driver.Refused(f"the registrations of {slug} answer {visitor.status} at {visitor.path}")
    return [statistics.median(found[slug][2:]) for slug in slugs]


def long_list(app: Server, installation: Installation, short: str, long: str, pace: Pace) -> Iterator[Row]:
    """10,000 registrations against 100."""
    link = installation.blender("organiser", "invite", "ada@example.org").strip().split()[-1]
    of_100, of_10000 = asyncio.run(_list_latency(app, link, (short, long), 12 if pace.quick else 30))
    detail = f"{of_10000 * 1000:.1f} ms against {of_100 * 1000:.1f} ms"
    yield at_most(
        "organiser's registrations, 10,000 against 100",
        of_10000 / of_100,
        floors.LONG_LIST,
        unit="× latency",
        detail=detail,
    )
