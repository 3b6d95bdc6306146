"""Files handed to a real nginx by X-Accel-Redirect: with the configuration of docs/operate.md, and everything still said."""

import contextlib
import hashlib
import http.client
import os
import re
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from blender_event.core import serving, storage
from blender_event.core.access import everyone, open_to
from tests import ground

pytestmark = [pytest.mark.slow]
NGINX = Path("/usr/sbin/nginx")
GUIDE = Path(__file__).parents[2] / "docs" / "operate.md"
DATA = bytes(range(256)) * 4000
ETAG = hashlib.sha256(DATA).hexdigest()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def the_example(port, app_port, uploads):
    """The server of the guide, told only other places and no TLS."""
    block = GUIDE.read_text().partition("**nginx**")[2]
    block = "\n".join(line[4:] for line in re.search(r"\n((?:    .*\n|\n)+)", block)[1].splitlines())
    block = re.sub(r" *(http2|ssl_certificate\S*|access_log) .*\n", "", block)
    for old, new in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port}"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{app_port}"),
        ("/srv/blender/app/instance/uploads", str(uploads)),
    ):
        assert old in block
        block = block.replace(old, new)
    return block


@contextlib.contextmanager
def an_nginx(folder, app_port, uploads):
    """nginx with the guide's example."""
    port = free_port()
    places = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    owner = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {owner} pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        f"events {{ worker_connections 64; }}\n"
        f"http {{ access_log off; {places}\n{the_example(port, app_port, uploads)} }}\n"
    )
    running = subprocess.Popen(
        [NGINX, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"], stderr=subprocess.PIPE
    )
    try:
        ends = time.perf_counter() + 10
        while time.perf_counter() < ends and running.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
        assert running.poll() is None, running.stderr.read()
        yield port
    finally:
        running.terminate()
        running.wait(10)
        running.stderr.close()


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    if not NGINX.exists():
        pytest.skip("no nginx (Debian: apt-get install nginx-light)")
    folder = tmp_path_factory.mktemp("house")
    app = ground.an_app(folder, BASE_URL="http://127.0.0.1", ACCEL="/intern")

    @app.get("/proef/<path:key>")
    @open_to(everyone)
    def take(key):
        return serving.attachment(
            key, name="één dia.pdf", media_type="application/pdf", size=len(DATA), etag=ETAG, public=True
        )

    with app.app_context():
        (folder / "file").write_bytes(DATA)
        storage.save("slides/aa/file", folder / "file")
        uploads = storage.folder()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    place = tmp_path_factory.mktemp("nginx")
    with an_nginx(place, server.port, uploads) as found:
        yield found
    server.shutdown()
    thread.join()
    server.server_close()
    ground.let_go(app)


def ask(port, path="/proef/slides/aa/file", method="GET", **headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer, body


def test_the_proxy_sends_the_file_and_every_word_about_it(port):
    answer, body = ask(port)

    assert (answer.status, body) == (200, DATA)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="een dia.pdf"; filename*=')
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert "X-Accel-Redirect" not in answer.headers


def test_the_proxy_gives_parts_and_knows_who_has_it(port):
    part, body = ask(port, Range="bytes=100-199")
    whole, _body = ask(port)
    known, nothing = ask(port, If_None_Match=whole.headers["ETag"])
    ours, _nothing = ask(port, If_None_Match=f'"{ETAG}"')
    resumed, rest = ask(port, Range="bytes=1000000-", If_Range=whole.headers["ETag"])

    assert (part.status, part.headers["Content-Range"], body) == (206, f"bytes 100-199/{len(DATA)}", DATA[100:200])
    assert (known.status, nothing, ours.status) == (304, b"", 304)
    assert (resumed.status, rest) == (206, DATA[1_000_000:])


def test_head_tells_the_size(port):
    answer, body = ask(port, method="HEAD")

    assert (answer.status, answer.headers["Content-Length"], body) == (200, str(len(DATA)), b"")


def test_nobody_gets_at_the_files_past_the_app(port):
    for path in ("/intern/slides/aa/file", "/intern/../intern/slides/aa/file", "/intern//slides/aa/file", "/intern/"):
        assert ask(port, path)[0].status == 404


def test_a_lost_file_is_a_page_also_behind_the_proxy(port):
    answer, body = ask(port, "/proef/slides/aa/lost")

    assert answer.status == 503
    assert "niet beschikbaar" in body.decode() or "not available" in body.decode()


def test_the_proxy_lets_large_files_through_where_they_are_taken_and_nowhere_else(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    found = []
    for path in ("/proef/uploaden", "/aanmelden"):
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        body = head + b"a" * 6_000_000 + b"\r\n--x--\r\n"
        line.request("POST", path, body, {"Content-Type": "multipart/form-data; boundary=x"})
        answer = line.getresponse()
        found.append((answer.status, b"<center>nginx" in answer.read()))
        line.close()

    assert found == [(405, False), (413, True)]  # the app answered the first, nginx the second
