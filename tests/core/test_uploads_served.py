"""The real server with people who send badly: cut off, very slowly, for ever, or while the store is away."""

import contextlib
import http.server
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from blender_event.core import storage
from tests import files, ground
from tests.core.objects import OPTIONS

pytestmark = [pytest.mark.kill, pytest.mark.slow]
TOP = Path(__file__).parents[2]
APP = """
import sys
from flask import jsonify, request
from blender_event.core import incoming_files, storage, uploads
from blender_event.core.access import everyone, open_to
from blender_event.extensions import csrf
from blender_event import server
from tests import ground

incoming_files._FIRST_SECONDS = 1.0
incoming_files._SILENT_SECONDS = 1.5
folder, port = sys.argv[1:3]
app = ground.an_app(folder, THREADS=6, BASE_URL="http://127.0.0.1")

@app.post("/proef/uploaden")
@csrf.exempt
@open_to(everyone)
def take():
    with uploads.received(request.files.get("file"), kinds=uploads.SLIDES, most_bytes=50_000_000) as upload:
        return jsonify(size=upload.size)

class Server(server._Server):
    def load(self):
        return app

told = server.settings(host="127.0.0.1", port=int(port), workers=1, threads=6)
told.pop("post_worker_init"), told.pop("worker_exit")
Server(told).run()
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """gunicorn as `blender serve` sets it, with six threads, so two slots, and little patience."""
    folder, found = tmp_path_factory.mktemp("house"), free_port()
    (folder / "run.py").write_text(APP)
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, folder / "run.py", folder, str(found)],
            cwd=TOP,
            stdout=log,
            stderr=log,
            env={"PYTHONPATH": str(TOP)},
        )
    ends = time.perf_counter() + 60
    while time.perf_counter() < ends and running.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", found), 1):
            break
    assert running.poll() is None, (folder / "log").read_text()
    yield found
    running.terminate()
    running.wait(20)


@pytest.fixture(scope="module")
def incoming(port, tmp_path_factory):
    return next(tmp_path_factory.getbasetemp().glob("house*/incoming"))


def head(length, kind="multipart/form-data; boundary=x"):
    return f"POST /en/proef/uploaden HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{length}\r\n\r\n".encode()


START = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'


def whole():
    return START + files.a_pdf() + b"\r\n--x--\r\n"


def connected(port):
    return socket.create_connection(("127.0.0.1", port), 30)


def heard(line):
    """The whole answer, until the server closes or nothing more comes."""
    answer = b""
    line.settimeout(15)
    with contextlib.suppress(TimeoutError, ConnectionResetError):
        while piece := line.recv(65536):
            answer += piece
            if b"</html>" in answer or b"}" in answer:
                break
    return answer


def status(answer):
    return int(answer[9:12])


def test_a_file_is_taken(port, incoming):
    with connected(port) as line:
        line.sendall(head(f"Content-Length: {len(whole())}") + whole())
        assert status(heard(line)) == 200
    assert list(incoming.iterdir()) == []


def test_who_goes_away_in_the_middle_leaves_nothing(port, incoming):
    for _again in range(4):  # more than there are slots
        with connected(port) as line:
            line.sendall(head("Content-Length: 40000000") + START + b"%PDF-1.4\n" + b"a" * 1_000_000)
            line.shutdown(socket.SHUT_WR)
            answer = heard(line)
            assert (status(answer), b"did not arrive whole" in answer) == (400, True)
    assert list(incoming.iterdir()) == []


def test_who_sends_a_little_and_falls_silent_is_told_so(port, incoming):
    with connected(port) as line:
        line.sendall(head("Content-Length: 40000000") + START + b"%PDF-1.4\n")
        started = time.perf_counter()
        answer = heard(line)

    assert status(answer) == 408
    assert time.perf_counter() - started < 10
    assert list(incoming.iterdir()) == []


def test_who_trickles_is_let_go_and_others_are_served_meanwhile(port, incoming):
    answers = []

    def trickle():
        with connected(port) as line, contextlib.suppress(OSError):
            line.sendall(head("Content-Length: 40000000") + START + b"%PDF-1.4\n")
            for _again in range(100):
                line.sendall(b"a" * 200)
                time.sleep(0.05)
                line.settimeout(0.001)
                with contextlib.suppress(TimeoutError):
                    answers.append(status(line.recv(65536)))
                    return
                line.settimeout(10)

    senders = [threading.Thread(target=trickle) for _sender in range(2)]
    for sender in senders:
        sender.start()
    time.sleep(0.5)
    with connected(port) as line:
        line.sendall(head(f"Content-Length: {len(whole())}") + whole())
        third = heard(line)
    with connected(port) as line:
        line.sendall(b"GET /en HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        page = heard(line)
    for sender in senders:
        sender.join()

    assert (status(third), b"Retry-After: 30" in third, status(page)) == (503, True, 200)
    assert answers == [408, 408]
    assert list(incoming.iterdir()) == []
    with connected(port) as line:
        line.sendall(head(f"Content-Length: {len(whole())}") + whole())
        assert status(heard(line)) == 200


def test_a_browser_that_sends_too_much_sees_the_page_and_no_reset(port):
    with connected(port) as line:
        line.sendall(head("Content-Length: 60000000") + START)
        for _again in range(20):
            line.sendall(b"a" * 100_000)  # what is under way when the answer comes
        answer = heard(line)

    assert status(answer) == 413
    assert b"A file here may be 50 MB at most." in answer


def test_chunks_are_taken_and_broken_ones_are_not_whole(port, incoming):
    body = whole()
    with connected(port) as line:
        line.sendall(head("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
        assert status(heard(line)) == 200
    with connected(port) as line:
        line.sendall(head("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(body) - 9, body[:-9]) + b"zz\r\n")
        assert status(heard(line)) == 400
    assert list(incoming.iterdir()) == []


class Moody(http.server.BaseHTTPRequestHandler):
    """A store that answers everything with 500."""

    def _refuse(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _refuse

    def log_message(self, *_words):
        pass


def test_a_store_that_answers_500_is_unreachable_and_said_so_in_time(tmp_path):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Moody)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    options = OPTIONS | {"endpoint": f"http://127.0.0.1:{server.server_port}"}
    app = ground.an_app(tmp_path, STORAGE_URL="s3://blender/files", STORAGE_OPTIONS=options)
    started = time.perf_counter()
    with app.app_context():
        (tmp_path / "source").write_bytes(b"hello")
        for ask in (
            lambda: storage.save("slides/aa/file", tmp_path / "source"),
            lambda: storage.pieces("slides/aa/file"),
            lambda: storage.size("slides/aa/file"),
            lambda: list(storage.keys()),
        ):
            with pytest.raises(storage.Unreachable):
                ask()
    ground.let_go(app)
    server.shutdown()
    thread.join()
    server.server_close()

    assert time.perf_counter() - started < 60
