"""Slides on their way out: our own process against nginx with the same file."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bench import driver, floors
from bench.driver import CLIENTS, Refused
from bench.pages import Pace
from bench.servers import Server, free_port
from bench.table import Row, at_least
from bench.uploads import MEGABYTE, Organiser, a_pdf, send

SENT_TO = 10  # which of the sessions
SIZE = 10 * MEGABYTE
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")


@contextlib.contextmanager
def nginx(folder: Path, served: Path) -> Iterator[int]:
    """nginx as it is without any tuning, with these files; its port."""
    folder.mkdir()
    port = free_port()
    places = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; user root; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 256; }}\n"
        f"http {{ access_log off; sendfile on; {places} server {{ listen 127.0.0.1:{port}; root {served}; }} }}\n"
    )
    running = subprocess.Popen([NGINX or "nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf"])
    try:
        for _try in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port
    finally:
        running.terminate()
        running.wait(10)


def rate(port: int, path: str, size: int, seconds: float) -> float:
    """Bytes a second to eight clients that fetch the same file over and over, each in a thread that only counts."""
    wish = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    counts = [0] * CLIENTS
    faults: list[str] = []
    end = time.perf_counter() + seconds

    def fetch(index: int) -> None:
        room = bytearray(MEGABYTE)
        with socket.create_connection(("127.0.0.1", port), 60) as line:
            while time.perf_counter() < end:
                line.sendall(wish)
                got = line.recv_into(room)
                start = bytes(room[:got]).find(b"\r\n\r\n") + 4
                if room[9:12] != b"200" or start < 4:
                    faults.append(bytes(room[:60]).decode("latin-1"))
                    return
                left = size - (got - start)
                while left > 0:
                    left -= line.recv_into(room, min(left, MEGABYTE))
                counts[index] += size

    started = time.perf_counter()
    threads = [threading.Thread(target=fetch, args=(index,)) for index in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise Refused(f"{path}: {faults[0]}")
    return sum(counts) / (time.perf_counter() - started)


def against_nginx(app: Server, person: Organiser, folder: Path, pace: Pace) -> Iterator[Row]:
    """One file of 10 MB, taken from us and from nginx in turns."""
    if NGINX is None:
        yield Row("slides, bytes a second against nginx", "no nginx", f"≥ {floors.DOWNLOADS:g}", None)
        return
    session, data = person.sessions[SENT_TO], a_pdf(SIZE - len(a_pdf(0)))
    if send(app.port, *person.form(session, data, "download.pdf")) != 303:
        raise Refused("the file to download was not taken")
    path = _public_path(app, person)
    served = folder / "served"
    served.mkdir()
    (served / "file.pdf").write_bytes(data)
    ratios, rates = [], []
    with nginx(folder / "nginx", served) as port:
        for _round in range(pace.rounds):
            theirs = rate(port, "/file.pdf", len(data), 2 * pace.seconds)
            ours = rate(app.port, path, len(data), 2 * pace.seconds)
            ratios.append(ours / theirs)
            rates.append(ours)
    middle = sorted(range(len(ratios)), key=lambda index: ratios[index])[len(ratios) // 2]
    detail = f"{rates[middle] / MEGABYTE:.0f} MB a second"
    yield at_least(
        "slides, bytes a second against nginx", ratios[middle], floors.DOWNLOADS, unit="× B/s", detail=detail
    )


def _public_path(app: Server, person: Organiser) -> str:
    """The public address of the file, as its session's page links to it."""
    programme = driver.fetch(app.port, f"/{person.slug}/programma").body.decode()
    for page in dict.fromkeys(re.findall(rf'href="(/{person.slug}/programma/[a-z0-9-]+)"', programme)):
        seen = driver.fetch(app.port, page).body.decode()
        for link in re.findall(rf'href="(/{person.slug}/materiaal/[a-z0-9]+)"', seen):
            if driver.fetch(app.port, link, Range="bytes=0-0").header("content-range") == f"bytes 0-0/{SIZE}":
                return link
    raise Refused("no page links to the file")
