"""Asking a virus scanner: over real sockets, with a server that speaks clamd's protocol, and with its absence."""

import contextlib
import shutil
import socket
import struct
import subprocess
import threading
import time

import pytest

from blender_event.core import scanning
from blender_event.core.errors import RuleBroken
from tests import files

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("in_english")]
CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
MARK = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """Speaks `zINSTREAM`: pieces with their length, a zero to end, and an answer that ends with NUL."""

    def __init__(self, listener, *, most=30_000_000, says=None):
        self.listener = listener
        self.most = most
        self.says = says
        self.seen = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                line, _address = self.listener.accept()
                with line:
                    self._answer(line)

    def _answer(self, line):
        stream = line.makefile("rb")
        command = stream.read(10)
        assert command == b"zINSTREAM\0", command
        content = b""
        while size := struct.unpack(">I", stream.read(4))[0]:
            content += stream.read(size)
            if len(content) > self.most:
                line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(content)
        if self.says is not None:
            line.sendall(self.says)
        else:
            line.sendall(b"stream: Eicar-Test-Signature FOUND\0" if MARK in content else b"stream: OK\0")


@pytest.fixture
def scanner(app):
    """`scanner(**settings)` starts one and sets it as the app's."""
    with contextlib.ExitStack() as held:

        def start(**settings):
            listener = held.enter_context(socket.create_server(("127.0.0.1", 0)))
            app.config["CLAMD"] = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
            return Scanner(listener, **settings)

        yield start
    app.config["CLAMD"] = ""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(files.a_pdf(200))
    return path


def test_without_a_scanner_a_file_is_not_scanned_and_that_is_said(app, file):
    assert scanning.verdict(file) == "unscanned"


def test_the_whole_file_is_sent_and_a_clean_one_is_clean(scanner, file):
    running = scanner()

    assert scanning.verdict(file) == "clean"
    assert running.seen == [file.read_bytes()]


def test_a_virus_is_refused_in_words(scanner, file):
    scanner()
    file.write_bytes(b"%PDF-1.4\n" + MARK)

    with pytest.raises(RuleBroken) as broken:
        scanning.verdict(file)

    assert str(broken.value).startswith("A virus was found in this file.")
    assert broken.value.problems[0].field == "file"


def test_a_scanner_at_a_unix_address(app, file, tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "clamd"))
        listener.listen()
        Scanner(listener)
        app.config["CLAMD"] = f"unix:{tmp_path / 'clamd'}"
        assert scanning.verdict(file) == "clean"
    app.config["CLAMD"] = ""


@pytest.mark.parametrize(
    "settings",
    [
        {"says": b""},
        {"says": b"UNKNOWN COMMAND\0"},
        {"says": b"stream: OKAY\0"},
        {"says": b"stream: Broken ERROR\0"},
        {"most": 100},
    ],
)
def test_a_scanner_that_says_neither_yes_nor_no_refuses_the_file_for_now(scanner, file, settings):
    scanner(**settings)

    with pytest.raises(RuleBroken, match="could not be checked for viruses"):
        scanning.verdict(file)


def test_a_scanner_that_is_away_refuses_the_file_for_now(app, file):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    for address in (f"tcp://127.0.0.1:{port}", "unix:/nowhere/clamd"):
        app.config["CLAMD"] = address
        with pytest.raises(RuleBroken, match="Try again in a few minutes"):
            scanning.verdict(file)
    app.config["CLAMD"] = ""


def test_a_scanner_that_never_answers_is_not_waited_for(app, file, monkeypatch):
    monkeypatch.setattr(scanning, "_ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app.config["CLAMD"] = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(RuleBroken, match="could not be checked"):
            scanning.verdict(file)
    app.config["CLAMD"] = ""


@pytest.fixture
def clamd(app, tmp_path):
    """The real program with one signature of our own."""
    (tmp_path / "signatures").mkdir()
    (tmp_path / "signatures" / "own.ndb").write_text(f"Own-Test:0:*:{MARK.hex()}\n")
    settings = {
        "DatabaseDirectory": tmp_path / "signatures",
        "LocalSocket": tmp_path / "clamd",
        "Foreground": "yes",
        "TemporaryDirectory": tmp_path,
    }
    (tmp_path / "conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    running = subprocess.Popen(
        [CLAMD, "--config-file", tmp_path / "conf"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    ends = time.perf_counter() + 60
    while not (tmp_path / "clamd").exists() and running.poll() is None and time.perf_counter() < ends:
        threading.Event().wait(0.1)
    app.config["CLAMD"] = f"unix:{tmp_path / 'clamd'}"
    yield running
    app.config["CLAMD"] = ""
    running.terminate()
    running.wait(20)


if CLAMD:  # one of the machines that try this has it; the protocol is tried everywhere, above

    @pytest.mark.slow
    def test_a_real_clamd_tells_clean_from_infected(clamd, file):
        assert scanning.verdict(file) == "clean"
        file.write_bytes(MARK)
        with pytest.raises(RuleBroken, match="A virus was found"):
            scanning.verdict(file)
