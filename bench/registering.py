"""Complete registrations by eight clients at once, and how long the lock was held meanwhile."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator

from bench import driver, floors
from bench.pages import HELLO, Pace
from bench.servers import Server
from bench.table import Row, at_least, at_most
from bench.visitor import Visitor

SAMPLE = re.compile(r'^blender_lock_seconds_(sum|count|bucket)(?:\{[^}]*?le="([^"]+)"[^}]*\})?\s+(\S+)$', re.MULTILINE)


async def _register(app: Server, slug: str, seconds: float, mark: str) -> float:
    connections = await driver.connect_evenly(app.port, app.workers, driver.CLIENTS, driver.request("/gezond"))
    done = 0
    started = time.perf_counter()
    end = started + seconds

    async def drive(index: int) -> None:
        nonlocal done
        number = 0
        while time.perf_counter() < end:
            await Visitor(connections[index], app.port).register(slug, f"{mark}-{index}-{number}")
            number += 1
            done += 1

    await asyncio.gather(*(drive(index) for index in range(driver.CLIENTS)))
    return done / (time.perf_counter() - started)


Locks = dict[str, float]


def locks(app: Server) -> Locks:
    """What `/metrics` says about the lock so far, over all server processes."""

    async def read() -> list[str]:
        wish = driver.request("/metrics")
        pages = []
        for connection in await driver.connect_evenly(app.port, app.workers, len(app.workers), wish):
            pages.append(connection.answer().body.decode())
            connection.close()
        return pages

    pages = asyncio.run(read())
    found: Locks = {}
    for page in pages:
        for kind, edge, value in SAMPLE.findall(page):
            name = f"{kind} {edge}".strip()
            found[name] = found.get(name, 0.0) + float(value)
    if "count" not in found:
        raise driver.Refused("/metrics says nothing about blender_lock_seconds")
    return found


def _quantile(before: Locks, after: Locks, share: float) -> float:
    """The upper edge, in seconds, of the bucket below which `share` of the new samples lie."""
    wanted = share * (after["count"] - before["count"])
    edges = sorted((float(name.split()[1]), name) for name in after if name.startswith("bucket"))
    return next((edge for edge, name in edges if after[name] - before.get(name, 0.0) >= wanted), float("inf"))


def registrations(hello: Server, app: Server, slug: str, database: str, pace: Pace) -> Iterator[Row]:
    """Form, answers, check, send, own page: all of it counts as one."""
    seconds = 2.0 if pace.quick else 6.0
    asyncio.run(_register(app, slug, 1.5, "warm"))
    before = locks(app)
    hello_before = driver.rate(hello.port, hello.workers, HELLO, seconds=pace.seconds)
    measured = asyncio.run(_register(app, slug, seconds, "bench"))
    hello_after = driver.rate(hello.port, hello.workers, HELLO, seconds=pace.seconds)
    after = locks(app)
    ratio = measured / ((hello_before + hello_after) / 2)
    yield at_least(
        f"complete registration, {database}",
        ratio,
        floors.REGISTRATIONS,
        unit="× r/s",
        detail=f"{measured:.1f} a second",
    )
    held = after["count"] - before["count"]
    mean = (after["sum"] - before["sum"]) / held if held else float("nan")
    each = (after["sum"] - before["sum"]) / (measured * seconds) * 1000
    detail = f"mean of {held:.0f}, {each:.0f} ms a registration in all; 95 % within {_quantile(before, after, 0.95) * 1000:g} ms"
    yield at_most(f"time inside the lock, {database}", mean * 1000, floors.LOCK_MS, unit="ms", detail=detail)
