"""Files on their way in: slow ones beside a loaded programme, a large one and a vast one; what they cost the others."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import driver, floors
from bench.driver import Refused
from bench.pages import Pace
from bench.servers import Installation, Server
from bench.table import Row, at_least, at_most
from bench.visitor import Visitor, main_form

SENDERS = 8
LINE = 125_000  # bytes a second: 1 Mbit/s
MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Organiser:
    """Somebody who is signed in, and the sessions they can give files to."""

    port: int
    cookie: str
    slug: str
    sessions: list[int]

    def upload_path(self, session: int) -> str:
        return f"/beheer/{self.slug}/materiaal/sessies/{session}/uploaden"

    def form(self, session: int, data: bytes, name: str = "dia.pdf") -> tuple[bytes, bytes]:
        """The head and the body of one upload that is public at once, as a browser would send it."""
        answer = driver.fetch(self.port, self.upload_path(session), Cookie=self.cookie)
        form = main_form(answer.body.decode())
        if form is None:
            raise Refused(f"{self.upload_path(session)} ({answer.status}) has no form")
        fields = {key: values[0] for key, values in form.values.items() if values} | {
            "publish": "now",
            "kind": "slides",
        }
        line = secrets.token_hex(16)
        body = b"".join(
            f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        )
        body += f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        body += data + f"\r\n--{line}--\r\n".encode()
        return self.head(session, line, f"Content-Length: {len(body)}"), body

    def head(self, session: int, boundary: str, length: str) -> bytes:
        return (
            f"POST {self.upload_path(session)} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: multipart/form-data; boundary={boundary}\r\n{length}\r\n\r\n"
        ).encode()


def sign_in(app: Server, installation: Installation, slug: str) -> Organiser:
    """An organiser, and sessions of the edition that can get files."""

    async def arrive() -> tuple[str, list[int]]:
        link = installation.blender("organiser", "invite", "files@example.org").split()[-1]
        person = await Visitor.arrive(app.port)
        await person.sign_in(link)
        cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
        await person.go(f"/beheer/{slug}/materiaal")
        found = re.findall(rf"/beheer/{slug}/materiaal/sessies/(\d+)", person.page)
        return cookie, [int(number) for number in dict.fromkeys(found)]

    cookie, sessions = asyncio.run(arrive())
    if len(sessions) < 2 * SENDERS:
        raise Refused(f"only {len(sessions)} sessions to give files to")
    return Organiser(app.port, cookie, slug, sessions)


def a_pdf(size: int) -> bytes:
    """Bytes that are taken for a PDF, and that nothing squeezes."""
    return b"%PDF-1.4\n" + secrets.token_bytes(size) + b"\n%%EOF\n"


def send(port: int, head: bytes, body: bytes, rate: int | None = None, go_on: threading.Event | None = None) -> int:
    """Send one request, not faster than `rate`; when `go_on` is set, the rest goes at once. Returns the status."""
    with socket.create_connection(("127.0.0.1", port), 120) as line:
        line.sendall(head)
        started, at = time.perf_counter(), 0
        while at < len(body):
            step = len(body) - at if rate is None or (go_on and go_on.is_set()) else rate // 10
            line.sendall(body[at : at + step])
            at += step
            if rate and at < len(body):
                time.sleep(max(0.0, started + at / rate - time.perf_counter()))
        return status_of(line)


def status_of(line: socket.socket) -> int:
    heard = b""
    while b"\r\n" not in heard:
        piece = line.recv(4096)
        if not piece:
            raise Refused("no answer")
        heard += piece
    return int(heard[9:12])


def beside_slow_uploads(app: Server, person: Organiser, pace: Pace) -> Row:
    """The programme's rate while eight people send at 1 Mbit/s, against its rate before and after."""
    wish = driver.request(f"/{person.slug}/programma", Accept_Encoding="gzip")
    ratios: list[float] = []
    rates: list[float] = []
    for number in range(pace.rounds):
        done = threading.Event()
        statuses: list[int] = []
        forms = [person.form(session, a_pdf(60 * LINE)) for session in person.sessions[:SENDERS]]

        def one(head: bytes, body: bytes, done: threading.Event = done, statuses: list[int] = statuses) -> None:
            statuses.append(send(app.port, head, body, LINE, done))

        senders = [threading.Thread(target=one, args=form) for form in forms]
        before = driver.rate(app.port, app.workers, wish, seconds=2 * pace.seconds)
        for sender in senders:
            sender.start()
        time.sleep(0.5)
        measured = driver.rate(app.port, app.workers, wish, seconds=2 * pace.seconds)
        done.set()
        for sender in senders:
            sender.join()
        if sorted(statuses) != [303] * SENDERS:
            raise Refused(f"uploads ended with {statuses} in round {number}")
        after = driver.rate(app.port, app.workers, wish, seconds=2 * pace.seconds)
        ratios.append(measured / ((before + after) / 2))
        rates.append(measured)
    detail = f"{statistics.median(rates):.0f} a second, all {SENDERS} uploads taken"
    what = "programme page beside 8 uploads at 1 Mbit/s"
    return at_least(what, statistics.median(ratios), floors.BESIDE_UPLOADS, unit="× r/s", detail=detail)


def _peak(pid: int) -> float:
    """The most memory a process has held since the mark was set anew, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def a_large_upload(app: Server, person: Organiser) -> Row:
    """How much the process grows, at its highest, while it takes 50 MB; a small upload before has warmed it."""
    session = person.sessions[SENDERS]
    pid = app.workers[0]
    send(app.port, *person.form(session, a_pdf(2 * MEGABYTE)))
    form = person.form(session, a_pdf(50 * MEGABYTE - 100))
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    before = _peak(pid)
    started = time.perf_counter()
    status = send(app.port, *form)
    seconds = time.perf_counter() - started
    if status != 303:
        raise Refused(f"50 MB answered {status}")
    return at_most(
        "memory for an upload of 50 MB",
        _peak(pid) - before,
        floors.UPLOAD_MB,
        unit="MB",
        detail=f"taken in {seconds:.1f} s",
    )


def a_vast_upload(app: Server, installation: Installation, person: Organiser) -> Iterator[Row]:
    """2 GiB, said before or not: how much is sent until the refusal, and whether the disk is as it was."""
    session = person.sessions[SENDERS]
    for what, length, most in (
        ("sent of 2 GiB before it is refused", f"Content-Length: {2 * 1024**3}", floors.VAST_MB),
        ("sent of 2 GiB whose length is not said", "Transfer-Encoding: chunked", floors.VAST_UNSAID_MB),
    ):
        before = _on_disk(installation.folder)
        started = time.perf_counter()
        status, sent = _pour(app.port, person.head(session, "x", length), chunked="chunked" in length)
        seconds = time.perf_counter() - started
        left = _on_disk(installation.folder) - before
        if status != 413 or left > 0:
            raise Refused(f"2 GiB answered {status} and left {left} bytes")
        detail = f"413 after {seconds:.2f} s, disk as it was"
        yield at_most(what, sent / MEGABYTE, most, unit="MB", detail=detail)


def _pour(port: int, head: bytes, *, chunked: bool) -> tuple[int, int]:
    """Send for ever, until there is an answer."""
    piece = os.urandom(64 * 1024)
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4\n'
    sent = 0
    with socket.create_connection(("127.0.0.1", port), 120) as line:
        line.sendall(head + (b"%x\r\n%s\r\n" % (len(start), start) if chunked else start))
        while sent < 2 * 1024**3:
            line.settimeout(0.0005)
            try:
                heard = line.recv(64)
                return int(heard[9:12]), sent
            except TimeoutError:
                line.settimeout(60)
            line.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            sent += len(piece)
    return 0, sent


def _on_disk(folder: Path) -> int:
    """Bytes of stored files, and of those that are coming in: what a worker looks at meanwhile does not count."""
    files = [*(folder / "uploads").rglob("*"), *(folder / "incoming").glob("landing-*")]
    return sum(file.stat().st_size for file in files if file.is_file())


def incoming(app: Server, installation: Installation, person: Organiser, pace: Pace) -> Iterator[Row]:
    """Every row of this file."""
    yield beside_slow_uploads(app, person, pace)
    yield a_large_upload(app, person)
    yield from a_vast_upload(app, installation, person)
