"""Public answers are rendered once per revision, and not sent again to who has them."""

from datetime import UTC, datetime, timedelta

import pytest

from blender_event.core import caching, clock
from blender_event.core.caching import Rendered, Shelf

pytestmark = pytest.mark.once
CHANGED = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def ask(app):
    """Ask for a page twice as large as what is compressed; `ask.renders` counts how often it was made."""

    def asking(path="/2027", facts=(1, 1), body="<p>programma</p>" * 100, **headers):
        def render():
            asking.renders += 1
            return Rendered(body.encode(), last_modified=CHANGED)

        with app.test_request_context(path, headers={name.replace("_", "-"): value for name, value in headers.items()}):
            return caching.answer(facts, render)

    asking.renders = 0
    return asking


def test_a_page_is_rendered_once_for_the_same_facts(ask):
    first, second = ask(), ask()

    assert ask.renders == 1
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]


def test_another_revision_is_another_page(ask):
    one, other = ask(facts=(1, 1)), ask(facts=(1, 2), body="<p>anders</p>" * 100)

    assert ask.renders == 2
    assert one.headers["ETag"] != other.headers["ETag"]


def test_who_has_the_page_gets_304_without_a_body(ask):
    etag = ask().headers["ETag"]
    again = ask(If_None_Match=etag)

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("asked", ['W/"{}"', '"x", "{}"', '"{}-gz"', "*"])
def test_every_form_of_if_none_match_is_understood(ask, asked):
    etag = ask().headers["ETag"].strip('"')

    assert ask(If_None_Match=asked.format(etag)).status_code == 304


def test_an_old_etag_gets_the_page(ask):
    assert ask(If_None_Match='"old"', If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT").status_code == 200


@pytest.mark.parametrize(("since", "status"), [(0, 304), (3600, 304), (-1, 200)])
def test_if_modified_since_counts_in_whole_seconds(ask, since, status):
    moment = CHANGED + timedelta(seconds=since)

    assert ask(If_Modified_Since=moment.strftime("%a, %d %b %Y %H:%M:%S GMT")).status_code == status


def test_compressed_and_plain_answers_differ_in_etag_and_name_what_they_vary_on(ask):
    plain, small = ask(), ask(Accept_Encoding="gzip")

    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(plain.data)
    assert small.headers["ETag"] == plain.headers["ETag"][:-1] + '-gz"'
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"


def test_a_filtered_page_is_never_kept(ask):
    ask("/2027/programma?zaal=1")
    ask("/2027/programma?zaal=1")

    assert ask.renders == 2
    assert len(caching.shelf._kept) == 0


def test_the_shelf_holds_no_more_than_its_bytes_and_drops_the_oldest():
    shelf = Shelf(most_bytes=100)
    for number in range(10):
        shelf.keep(number, f"page {number}", 30)
    shelf.find(7)
    shelf.keep("new", "page", 30)

    assert [shelf.find(key) for key in (6, 7, 8, 9, "new")] == [None, "page 7", None, "page 9", "page"]


def test_the_same_key_kept_twice_counts_once():
    shelf = Shelf(most_bytes=100)
    for _time in range(10):
        shelf.keep("page", "x", 60)

    assert shelf.find("page") == "x"
    assert shelf._bytes == 60


def test_a_number_is_remembered_ten_seconds(time_stands_still):
    asked = []

    @caching.kept_for(10, clock.now)
    def seats(edition):
        asked.append(edition)
        return len(asked)

    assert (seats(1), seats(1), seats(2)) == (1, 1, 2)
    time_stands_still.shift(9)
    assert seats(1) == 1
    time_stands_still.shift(1)
    assert seats(1) == 3


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip;q=0", None), ("br, gzip; q=0.0", None), ("gzip;q=0.5", "gzip"), ("gzip, br;q=0", "gzip")],
)
def test_who_refuses_gzip_gets_none(ask, accepted, encoding):
    assert ask(Accept_Encoding=accepted).headers.get("Content-Encoding") == encoding
