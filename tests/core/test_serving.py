"""Answering with a file: headers that keep it from being run, names that lie, parts, versions, and its absence."""

import hashlib
import os
import re
import time

import pytest
from flask import request

from blender_event.core import serving, storage
from blender_event.core.access import everyone, open_to
from tests import ground
from tests.core.objects import an_object_store

DATA = bytes(range(256)) * 2000  # 512,000 bytes: more than goes without a slot
ETAG = hashlib.sha256(DATA).hexdigest()
PDF = "application/pdf"


@pytest.fixture(scope="module", params=["local", "s3"])
def house(request, tmp_path_factory):
    """An app with one stored file, on each kind of store; what it is called and how it is shown comes from the query."""
    folder = tmp_path_factory.mktemp("house")
    with an_object_store(request.param) as more:
        app = a_house(folder, **more)
        with app.app_context():
            (folder / "file").write_bytes(DATA)
            storage.save("slides/aa/file", folder / "file")
            yield app
        ground.let_go(app)


def a_house(folder, **more):
    app = ground.an_app(folder, **{"DOWNLOADS_AT_ONCE": 2} | more)

    @app.get("/proef/<path:key>")
    @open_to(everyone)
    def take(key):
        if "picture" in request.args:
            return serving.picture(key, media_type="image/jpeg", size=len(DATA), etag=ETAG)
        name, kind = request.args.get("name", "dia.pdf"), request.args.get("type", PDF)
        public = "own" not in request.args
        return serving.attachment(key, name=name, media_type=kind, size=len(DATA), etag=ETAG, public=public)

    return app


@pytest.fixture
def client(house):
    return house.test_client()


def ask(client, method="GET", key="slides/aa/file", query=None, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(f"/proef/{key}", method=method, query_string=query, headers=headers)


def test_a_file_is_kept_not_shown_and_may_do_nothing(client):
    answer = ask(client)

    assert (answer.status_code, answer.data) == (200, DATA)
    found = answer.headers
    assert found["Content-Disposition"] == "attachment; filename=\"dia.pdf\"; filename*=UTF-8''dia.pdf"
    assert found["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Content-Type"] == "application/pdf"
    assert found["Content-Length"] == "512000"
    assert found["ETag"] == f'"{ETAG}"'
    assert found["Accept-Ranges"] == "bytes"
    assert found["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in found


def test_a_file_for_one_person_is_kept_nowhere(client):
    found = ask(client, query={"own": "1"}).headers

    assert (found["Cache-Control"], found["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_a_picture_stands_in_a_page_and_never_changes(client):
    found = ask(client, query={"picture": "1"}).headers

    assert found["Content-Type"] == "image/jpeg"
    assert found["Content-Disposition"] == "inline"
    assert found["Cache-Control"] == "public, max-age=31536000, immutable"
    assert found["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", ""])
def test_a_type_we_do_not_know_is_told_as_bytes(client, kind):
    assert ask(client, query={"type": kind}).headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "plain", "full"),
    [
        ("één dia.pdf", "een dia.pdf", "%C3%A9%C3%A9n%20dia.pdf"),
        ('a"; filename="evil.exe', "a_ filename_evil.exe", "a%22%3B%20filename%3D%22evil.exe"),
        ("a\r\nSet-Cookie: b=c.pdf", "a Set-Cookie_ b_c.pdf", "a%20Set-Cookie%3A%20b%3Dc.pdf"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\map\\dia.pdf", "dia.pdf", "dia.pdf"),
        ("dia\u202efdp.exe", "diafdp.exe", "diafdp.exe"),
        ("演示.pdf", "_.pdf", "%E6%BC%94%E7%A4%BA.pdf"),
        ("", "bestand", "bestand"),
        ("...", "bestand", "bestand"),
        ("100%25.pdf", "100_25.pdf", "100%2525.pdf"),
    ],
)
def test_a_hostile_name_is_only_a_name(client, name, plain, full):
    found = ask(client, query={"name": name}).headers

    said = re.fullmatch(
        r"attachment; filename=\"([A-Za-z0-9._ ()-]+)\"; filename\*=UTF-8''(\S+)", found["Content-Disposition"]
    )
    assert said
    assert (said[1], said[2]) == (plain, full)
    assert "Set-Cookie" not in found


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=511999-", 511_999, 512_000),
        ("bytes=500000-9999999", 500_000, 512_000),
        ("bytes=-500", 511_500, 512_000),
        ("bytes=-9999999", 0, 512_000),
        ("Bytes= 0-4", 0, 5),
    ],
)
def test_one_part_is_given(client, asked, start, end):
    answer = ask(client, Range=asked)

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/512000"
    assert answer.headers["Content-Length"] == str(end - start)
    assert answer.data == DATA[start:end]


@pytest.mark.parametrize("asked", ["bytes=512000-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_outside_the_file_is_refused(client, asked):
    answer = ask(client, Range=asked)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */512000"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,3-4", "bytes=9-3", "bytes=a-b", "items=0-1", "bytes=", "bytes=--1", "0-1"]
)
def test_several_or_senseless_parts_give_the_whole(client, asked):
    answer = ask(client, Range=asked)

    assert (answer.status_code, len(answer.data)) == (200, 512_000)


def test_a_part_of_another_version_gives_the_whole(client):
    same = ask(client, Range="bytes=0-9", If_Range=f'"{ETAG}"')
    weak = ask(client, Range="bytes=0-9", If_Range=f'W/"{ETAG}"')
    other = ask(client, Range="bytes=0-9", If_Range='"other"')
    by_date = ask(client, Range="bytes=0-9", If_Range="Tue, 16 Jun 2026 10:00:00 GMT")

    assert [answer.status_code for answer in (same, weak, other, by_date)] == [206, 200, 200, 200]


def test_who_has_it_gets_304_and_who_wants_another_412(client):
    assert ask(client, If_None_Match=f'"x", W/"{ETAG}"').status_code == 304
    assert ask(client, If_None_Match=f'"{ETAG}"').data == b""
    assert ask(client, If_None_Match='"other"').status_code == 200
    assert ask(client, If_None_Match="*").status_code == 304
    assert ask(client, If_Match='"other"').status_code == 412
    assert ask(client, If_Match=f'"{ETAG}"').status_code == 200


def test_head_says_the_same_without_the_file_and_knows_no_parts(client):
    head, whole = ask(client, "HEAD", Range="bytes=0-9"), ask(client)

    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Length", "ETag", "Content-Type", "Content-Disposition"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_that_is_lost_is_unavailable_for_now_and_no_fault_of_the_site(client, method):
    answer = client.open("/en/proef/slides/aa/lost", method=method)

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    if method == "GET":
        assert "This file is not available for the moment" in answer.text
        assert client.get("/").status_code == 200


def test_a_file_of_another_size_is_not_the_one_that_was_stored(house, client, tmp_path):
    (tmp_path / "half").write_bytes(DATA[:1000])
    storage.save("slides/aa/half", tmp_path / "half")

    assert ask(client, key="slides/aa/half").status_code == 503


def test_slow_readers_take_at_most_their_share_of_the_threads(house):
    lines = [house.test_client() for _line in range(3)]
    slow = [line.get("/proef/slides/aa/file", buffered=False) for line in lines[:2]]

    assert lines[2].get("/proef/slides/aa/file").status_code == 503
    assert (
        lines[2].get("/proef/slides/aa/file", headers={"Range": "bytes=0-99"}).status_code == 206
    )  # small ones always
    for answer in slow:
        next(answer.iter_encoded())
        answer.close()
    assert [line.get("/proef/slides/aa/file").status_code for line in lines] == [200, 200, 200]


def test_nothing_stays_open(house, client):
    def count():
        return len(os.listdir("/proc/self/fd"))

    ask(client)
    before = count()
    for _again in range(5):
        ask(client, Range="bytes=5-9")
        ask(client, If_None_Match=f'"{ETAG}"')
        ask(client, "HEAD")
    time.sleep(0)
    assert count() <= before + 1
