"""Start and stop what is measured: the app and the reference, on the same gunicorn settings."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import driver, sockets
from blender_event import server

BIN = Path(sys.executable).parent
TOP = Path(__file__).resolve().parent.parent
PROCESSES, THREADS = 2, 8


@dataclass(slots=True)
class Server:
    """A running server: its port, the processes that answer, and how long it took to answer first."""

    port: int
    process: subprocess.Popen[bytes]
    started_in: float
    workers: list[int]

    def memory(self) -> float:
        """Megabytes of the largest of the processes that answer."""
        return max(sockets.resident(pid) for pid in self.workers)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Installation:
    """An app with a database of its own in a folder of its own."""

    folder: Path
    database: str
    log: Path

    def environment(self, port: int = 5000) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BLENDER_")}
        key = self.folder / "key"
        if not key.exists():
            key.write_text(secrets.token_urlsafe(48))
        return kept | {
            "BLENDER_INSTANCE": str(self.folder),
            "BLENDER_DATABASE_URL": self.database,
            "BLENDER_BASE_URL": f"http://127.0.0.1:{port}",
            "BLENDER_SECRET_KEY": key.read_text(),
            "BLENDER_MAIL_SENDER": "blender@example.org",
            # All eight clients share one address, which a real rush does not.
            "BLENDER_LIMITS": "10000000 per minute",
        }

    def blender(self, *words: str) -> str:
        """Run one `blender` command and return what it printed."""
        done = subprocess.run(
            [BIN / "blender", *words], env=self.environment(), capture_output=True, text=True, check=False, cwd=TOP
        )
        if done.returncode:
            raise SystemExit(f"blender {' '.join(words)} failed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
        return done.stdout

    @contextlib.contextmanager
    def serve(self, path: str = "/gezond", processes: int = PROCESSES, threads: int = THREADS) -> Iterator[Server]:
        """The app on its real server until the block ends; ready when `path` answers 200."""
        port = free_port()
        words = [
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--workers",
            str(processes),
            "--threads",
            str(threads),
        ]
        command = [BIN / "blender", *words]
        with _running(command, self.environment(port), port, path, self.log, processes) as running:
            yield running


@contextlib.contextmanager
def hello(folder: Path) -> Iterator[Server]:
    """The reference on the very settings `blender serve` gives gunicorn."""
    port = free_port()
    told = server.settings(host="127.0.0.1", port=port, workers=PROCESSES, threads=THREADS)
    settings = folder / "gunicorn.conf.py"
    settings.write_text("".join(f"{name} = {value!r}\n" for name, value in told.items()))
    command = [BIN / "gunicorn", "--config", settings, "bench.hello:app"]
    with _running(command, dict(os.environ), port, "/", folder / "hello.log") as running:
        yield running


@contextlib.contextmanager
def _running(
    command: list[str | Path], environment: dict[str, str], port: int, path: str, log: Path, processes: int = PROCESSES
) -> Iterator[Server]:
    started = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, cwd=TOP, stdout=output, stderr=output)
    try:
        _await(process, port, path, log)
        running = Server(port, process, time.perf_counter() - started, [])
        running.workers = _workers(process.pid, processes)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            if driver.fetch(port, path).status == 200:
                return
        time.sleep(0.01)
    raise SystemExit(f"The server does not answer {path}:\n{log.read_text()[-3000:]}")


def _workers(master: int, many: int) -> list[int]:
    """The server processes; they may appear a moment after the first answers."""
    end = time.monotonic() + 10
    found: list[int] = []
    while time.monotonic() < end:
        found = sockets.children(master)
        if len(found) >= many:
            break
        time.sleep(0.05)
    time.sleep(0.5)
    return found
