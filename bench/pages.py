"""Public pages, feeds and the form: throughput against hello, weight, and what they need of memory."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench import driver, floors, weight
from bench.servers import Server
from bench.table import Row, at_least, at_most

HELLO = driver.request("/")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long and how often: three rounds of a second, or one round of half a second when quick."""

    seconds: float
    rounds: int
    quick: bool

    @classmethod
    def of(cls, quick: bool) -> Pace:
        return cls(0.5, 1, True) if quick else cls(0.8, 3, False)


def session_path(app: Server, slug: str) -> str:
    """A session's page, as the programme links to it."""
    page = driver.fetch(app.port, f"/{slug}/programma").body.decode()
    found = re.findall(rf'href="(/{slug}/programma/[a-z0-9-]+)"', page)
    paths = [path for path in found if "/versie" not in path]
    if not paths:
        raise driver.Refused("the programme links to no session")
    return paths[len(paths) // 2]


def wishes(app: Server, slug: str) -> dict[str, tuple[bytes, int]]:
    """What each row asks, and the status it expects. Pages are asked for as browsers do, compressed."""
    programme, feed = f"/{slug}/programma", f"/{slug}/programma.ics"

    def page(path: str) -> bytes:
        return driver.request(path, Accept_Encoding="gzip")

    def unchanged(path: str, **headers: Any) -> bytes:
        tag = driver.fetch(app.port, path, **headers).header("etag")
        if tag is None:
            raise driver.Refused(f"{path} has no ETag")
        return driver.request(path, If_None_Match=tag, **headers)

    return {
        "programme page": (page(programme), 200),
        "session page": (page(session_path(app, slug)), 200),
        "speakers page": (page(f"/{slug}/sprekers"), 200),
        "programme feed": (driver.request(feed), 200),
        "programme page, unchanged (304)": (unchanged(programme, Accept_Encoding="gzip"), 304),
        "programme feed, unchanged (304)": (unchanged(feed), 304),
        "registration form": (page(f"/{slug}/inschrijven"), 200),
    }


def throughput(hello: Server, app: Server, slug: str, pace: Pace) -> Iterator[Row]:
    """Each row between two measures of hello; the median over the rounds."""
    asked = wishes(app, slug)
    ratios: dict[str, list[float]] = {what: [] for what in asked}
    rates: dict[str, list[float]] = {what: [] for what in asked}
    for _ in range(pace.rounds):
        before = driver.rate(hello.port, hello.workers, HELLO, seconds=pace.seconds)
        for what, (wish, status) in asked.items():
            measured = driver.rate(app.port, app.workers, wish, seconds=pace.seconds, expect=status)
            after = driver.rate(hello.port, hello.workers, HELLO, seconds=pace.seconds)
            ratios[what].append(measured / ((before + after) / 2))
            rates[what].append(measured)
            before = after
    for what, found in ratios.items():
        detail = f"{statistics.median(rates[what]):.0f} a second"
        yield at_least(what, statistics.median(found), floors.RATES[what], unit="× r/s", detail=detail)


def weights(app: Server, slug: str) -> Iterator[Row]:
    """The heaviest public page, and the one with most requests."""
    paths = (
        f"/{slug}",
        f"/{slug}/programma",
        session_path(app, slug),
        f"/{slug}/sprekers",
        f"/{slug}/inschrijven",
        "/",
    )
    found = {path: weight.of(app.port, path) for path in paths}
    heaviest = max(found, key=lambda path: found[path][0])
    busiest = max(found, key=lambda path: found[path][1])
    yield at_most(
        "heaviest public page, all included", found[heaviest][0] / 1024, floors.WEIGHT_KB, unit="KB", detail=heaviest
    )
    yield at_most("most requests of a public page", found[busiest][1], floors.REQUESTS, unit="", detail=busiest)


def memory(app: Server) -> Row:
    return at_most("memory of a web process after the load", app.memory(), floors.MEMORY_MB, unit="MB")
