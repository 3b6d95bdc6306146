"""The read API: the release and nothing else, for any program, described so that a machine can check it."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from tests import factories as make
from tests.programme.counting import statements


def a_programme():
    edition = make.an_edition()
    hall, chat, talk = make.a_room("Kelder"), make.a_track("Chat"), make.a_format("Lezing")
    sam = make.a_speaker("Sam Spreker", organisation="Huis")
    made = {
        "chat": make.a_session(
            "Chat",
            room=hall,
            track_id=chat.id,
            format_id=talk.id,
            speakers=[sam],
            join_url="https://meet.example.org/x",
        ),
        "english": make.a_session(
            "Care", at="13:00", language="en", is_online=True, is_onsite=False, status="cancelled"
        ),
        "untimed": make.a_session("Ooit", at=None),
    }
    make.a_release()
    make.a_session("Geheim plan", at="15:00")
    return edition, made


def titles(answer):
    assert answer.status_code == 200
    return [session["title"] for session in answer.get_json()]


def test_editions_are_listed_without_drafts(client):
    make.an_edition("2027")
    make.an_edition("2028", status="draft")

    found = client.get("/api/v1/editions").get_json()

    assert [edition["slug"] for edition in found] == ["2027"]
    assert found[0]["starts_at"] == "2026-09-24T09:00:00+02:00"
    assert found[0]["url"] == "https://blender.example.org/2027"
    assert client.get("/api/v1/editions/2028").status_code == 404


def test_sessions_are_those_of_the_release_in_order_of_time(client):
    a_programme()

    assert titles(client.get("/api/v1/editions/2027/sessions")) == ["Chat", "Care", "Ooit"]


def test_one_session_tells_everything_that_is_public(client):
    _edition, made = a_programme()

    found = client.get(f"/api/v1/editions/2027/sessions/{made['chat'].slug}").get_json()

    assert found["id"] == made["chat"].uid
    assert (found["starts_at"], found["ends_at"]) == ("2026-09-24T10:00:00+02:00", "2026-09-24T11:00:00+02:00")
    assert found["room"] == {
        "slug": "kelder",
        "name": "Kelder",
        "floor": "",
        "access_note": "",
        "capacity": None,
        "is_online": False,
    }
    assert [(person["name"], person["organisation"], person["role"]) for person in found["people"]] == [
        ("Sam Spreker", "Huis", "speaker")
    ]
    assert "meet.example.org" not in str(found)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("track=chat", ["Chat"]),
        ("format=lezing", ["Chat"]),
        ("room=kelder", ["Chat"]),
        ("room=zolder", []),
        ("language=en", ["Care"]),
        ("attendance=online", ["Care"]),
        ("attendance=onsite", ["Chat", "Ooit"]),
        ("status=cancelled", ["Care"]),
        ("day=2026-09-24", ["Chat", "Care"]),
        ("day=2026-09-25", []),
        ("track=chat&language=en", []),
        ("onbekend=1", ["Chat", "Care", "Ooit"]),
    ],
)
def test_sessions_are_filtered(client, query, expected):
    a_programme()

    assert titles(client.get(f"/api/v1/editions/2027/sessions?{query}")) == expected


def test_a_filter_that_cannot_be_read_is_refused_in_json(client):
    a_programme()

    answer = client.get("/api/v1/editions/2027/sessions?day=gisteren")

    assert answer.status_code == 422
    assert answer.get_json()["errors"] == {"query": {"day": ["Not a valid date."]}}


@pytest.mark.parametrize(
    ("what", "names"),
    [("speakers", ["Sam Spreker"]), ("rooms", ["Kelder"]), ("tracks", ["Chat"]), ("formats", ["Lezing"])],
)
def test_the_things_of_a_programme_are_listed(client, what, names):
    a_programme()

    assert [thing["name"] for thing in client.get(f"/api/v1/editions/2027/{what}").get_json()] == names


def test_an_edition_without_a_release_has_empty_lists(client):
    make.an_edition()

    for what in ("sessions", "speakers", "rooms", "tracks", "formats"):
        assert client.get(f"/api/v1/editions/2027/{what}").get_json() == []


def test_any_page_may_read_it_and_keep_it(client):
    a_programme()
    first = client.get("/api/v1/editions/2027/sessions")

    again = client.get("/api/v1/editions/2027/sessions", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers
    assert (again.status_code, again.data) == (304, b"")
    assert client.head("/api/v1/editions/2027/sessions").headers["ETag"] == first.headers["ETag"]


def test_a_kept_answer_asks_the_database_one_thing(client):
    a_programme()
    client.get("/api/v1/editions/2027/sessions")

    with statements() as sent:
        client.get("/api/v1/editions/2027/sessions")

    assert len(sent) == 1, sent


def test_errors_of_the_api_are_json_and_all_others_are_pages(client):
    make.an_edition()
    api, page = client.get("/api/v1/nergens"), client.get("/nergens")

    assert (api.status_code, api.content_type, api.get_json()) == (
        404,
        "application/json",
        {"code": 404, "status": "Not Found"},
    )
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    for path in ("/api/v1/editions", "/2027/programma.ics", "/archief"):
        refused = client.delete(path)
        assert refused.status_code == 405
        assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.slow
@pytest.mark.once
def test_every_answer_is_as_described(app):
    """A machine that knows only the description asks everything, sensibly and not."""
    _edition, made = a_programme()
    known = {"edition": "2027", "session": made["chat"].slug}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]

    assert sorted(operation.path for operation in operations)[:2] == ["/api/v1/editions", "/api/v1/editions/{edition}"]
    assert len(operations) == 8
    for operation in operations:
        ask(operation, {})
        ask(operation, known)


def ask(operation, known):
    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def asked(case):
        case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
        case.call_and_validate(headers={"Accept-Encoding": "identity"})  # the tester reads no gzip here

    asked()
