"""A small keep-alive HTTP client over raw sockets, and the two measures made with it: throughput and latency."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import dataclass
from typing import Any

from bench import sockets

CLIENTS = 8


class Refused(Exception):
    """The server answered something else than was expected."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One response: status, the raw head in lower-case names, the body as sent."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


def request(path: str, method: str = "GET", body: bytes = b"", **headers: Any) -> bytes:
    """The bytes of one request; header names are given with underscores."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Connection(asyncio.Protocol):
    """One client: asks, waits for the whole answer, asks again on the same connection."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[None] | None = None
        self.buffer = bytearray()
        self.head_end = self.total = -1
        self.chunked = False
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(error or ConnectionResetError("closed by the server"))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.head_end < 0:
            self._read_head()
        if self.head_end < 0:
            return
        whole = self.buffer.endswith(b"0\r\n\r\n") if self.chunked else len(self.buffer) >= self.total
        if whole and self.waiting and not self.waiting.done():
            self.waiting.set_result(None)

    def _read_head(self) -> None:
        self.head_end = self.buffer.find(b"\r\n\r\n")
        if self.head_end < 0:
            return
        head = bytes(self.buffer[: self.head_end]).lower()
        at = head.find(b"\r\ncontent-length:")
        self.chunked = at < 0 and b"\r\ntransfer-encoding: chunked" in head
        bodiless = head[9:12] in (b"304", b"204")
        length = 0 if at < 0 or bodiless else int(head[at + 17 :].split(b"\r\n", 1)[0])
        self.chunked = self.chunked and not bodiless
        self.total = self.head_end + 4 + length

    async def ask(self, wish: bytes) -> int:
        """Send one request and wait for the whole answer; returns its status."""
        self.buffer.clear()
        self.head_end = self.total = -1
        self.waiting = asyncio.get_running_loop().create_future()
        assert self.transport is not None
        self.transport.write(wish)
        await self.waiting
        return int(self.buffer[9:12])

    def answer(self) -> Answer:
        """The last answer in full."""
        head = bytes(self.buffer[: self.head_end]).decode("latin-1").split("\r\n")
        pairs = [line.split(":", 1) for line in head[1:]]
        body = bytes(self.buffer[self.head_end + 4 :])
        headers = [(name.lower(), value.strip()) for name, value in pairs]
        return Answer(int(head[0][9:12]), headers, _joined(body) if self.chunked else body)

    def close(self) -> None:
        if self.transport:
            self.transport.close()

    def own_port(self) -> int:
        assert self.transport is not None
        return int(self.transport.get_extra_info("sockname")[1])


def _joined(chunks: bytes) -> bytes:
    body = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            break
        body += rest[:length]
        chunks = rest[length + 2 :]
    return body


async def connect(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


async def connect_evenly(port: int, workers: list[int], many: int, wish: bytes) -> list[Connection]:
    """Open `many` connections, an equal share to each server process: who accepts one is otherwise a matter of luck."""
    share = -(-many // len(workers))
    held: dict[int, list[Connection]] = {pid: [] for pid in workers}
    spare: list[Connection] = []
    for _ in range(many * 12):
        connection = await connect(port)
        await connection.ask(wish)
        holder = sockets.holder(port, connection.own_port(), workers)
        kept = held.get(holder) if holder is not None else None
        if kept is not None and len(kept) < share:
            kept.append(connection)
        else:
            spare.append(connection)
        if sum(map(len, held.values())) >= many:
            break
    chosen = [connection for kept in held.values() for connection in kept]
    while len(chosen) < many and spare:
        chosen.append(spare.pop())
    for connection in spare:
        connection.close()
    return chosen[:many]


async def _rate(port: int, workers: list[int], wish: bytes, seconds: float, expect: int) -> float:
    connections = await connect_evenly(port, workers, CLIENTS, wish)
    counts = [0] * CLIENTS
    started = time.perf_counter()
    end = started + seconds

    async def drive(index: int) -> None:
        connection = connections[index]
        while time.perf_counter() < end:
            status = await connection.ask(wish)
            if status != expect:
                raise Refused(f"{status} instead of {expect} for {wish[:80]!r}")
            counts[index] += 1

    await asyncio.gather(*(drive(index) for index in range(CLIENTS)))
    elapsed = time.perf_counter() - started
    for connection in connections:
        connection.close()
    return sum(counts) / elapsed


def rate(port: int, workers: list[int], wish: bytes, *, seconds: float, expect: int = 200) -> float:
    """Answers per second to eight clients that ask the same over and over."""
    return asyncio.run(_rate(port, workers, wish, seconds, expect))


async def _latencies(port: int, wish: bytes, times: int, expect: int) -> list[float]:
    connection = await connect(port)
    await connection.ask(wish)
    found = []
    for _ in range(times):
        started = time.perf_counter()
        status = await connection.ask(wish)
        found.append(time.perf_counter() - started)
        if status != expect:
            raise Refused(f"{status} instead of {expect} for {wish[:80]!r}")
    connection.close()
    return found


def latency(port: int, wish: bytes, *, times: int, expect: int = 200) -> float:
    """The median seconds of one client's answer."""
    return statistics.median(asyncio.run(_latencies(port, wish, times, expect)))


async def _fetch(port: int, wish: bytes) -> Answer:
    connection = await connect(port)
    await connection.ask(wish)
    answer = connection.answer()
    connection.close()
    return answer


def fetch(port: int, path: str, **headers: Any) -> Answer:
    """One answer in full."""
    return asyncio.run(_fetch(port, request(path, **headers)))
