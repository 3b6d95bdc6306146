"""What could not be done: the right status, plain words, and nothing typed is lost."""

import sqlite3

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from blender_event.core.database import db
from blender_event.registrations import queries
from tests import factories as make
from tests.visitor import Visitor

OURS = {"Sec-Fetch-Site": "same-origin"}


def test_what_is_not_there_is_a_page_with_a_way_on(visitor):
    page = visitor.get("/nergens", expect=404)

    assert page.heading == "Dit vinden we niet"
    assert page.links["Naar de startpagina"] == "/"
    assert visitor.get("/en/nergens", expect=404).heading == "We cannot find this"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_wrong_method_says_which_are_right(client, method):
    answer = getattr(client, method)("/archief")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "text/html" in answer.content_type


def test_errors_are_kept_nowhere(client):
    answer = client.get("/nergens")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_a_form_whose_proof_is_too_old_keeps_what_was_typed_and_can_be_sent_again(app, visitor):
    client = visitor.client
    typed = {"email": "ada@example.org", "next": "/beheer", "csrf_token": "oud"}
    answer = client.post("/aanmelden", data=typed, headers=OURS)
    visitor._read(answer, "/aanmelden", 400)

    page = visitor.page
    assert page.heading == "Verstuur je formulier nog een keer"
    assert page.forms[0].values()["email"] == ["ada@example.org"]

    visitor.submit(page)
    assert visitor.location == "/aanmelden/verstuurd"


@pytest.mark.parametrize(
    ("headers", "offered"),
    [
        (OURS, True),
        ({"Origin": "https://blender.example.org"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://blender.example.org"}, False),
        ({"Origin": "null"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://blender.example.org"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({}, False),
    ],
    ids=str,
)
def test_a_form_of_another_site_is_only_refused(client, headers, offered):
    answer = client.post("/aanmelden", data={"email": "mallory@example.org"}, headers=headers)

    assert answer.status_code == 400
    assert ("mallory@example.org" in answer.text) is offered
    assert ("Verstuur opnieuw" in answer.text) is offered


def test_what_was_typed_stays_text(client):
    answer = client.post("/aanmelden", data={"email": '"><script>alert(1)</script>'}, headers=OURS)

    assert "<script>alert" not in answer.text


def test_a_form_that_was_cut_off_is_incomplete_and_never_empty(client):
    cut = b'--grens\r\nContent-Disposition: form-data; name="email"\r\n\r\nada@exa'

    answer = client.post("/aanmelden", data=cut, content_type="multipart/form-data; boundary=grens", headers=OURS)

    assert answer.status_code == 400
    assert "Je formulier kwam niet volledig aan" in answer.text


def test_a_body_shorter_than_promised_is_incomplete(client):
    answer = client.post(
        "/aanmelden",
        data=b"email=ada",
        content_type="application/x-www-form-urlencoded",
        headers=OURS,
        environ_overrides={"CONTENT_LENGTH": "900"},
    )

    assert answer.status_code == 400
    assert "Je formulier kwam niet volledig aan" in answer.text


def test_a_form_that_is_too_large_is_413(client):
    answer = client.post("/aanmelden", data={"email": "x" * 5_000_000}, headers=OURS)

    assert answer.status_code == 413
    assert "text/html" in answer.content_type


@pytest.mark.slow
@pytest.mark.once
def test_a_locked_database_answers_503_and_keeps_what_was_typed(app, visitor):
    make.an_edition()
    token = visitor.get("/aanmelden").token
    other = sqlite3.connect(db.engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = without_patience(
            app,
            lambda: visitor.client.post(
                "/aanmelden", data={"csrf_token": token, "email": "ada@example.org"}, headers=OURS
            ),
        )
        reading = visitor.client.get("/archief")
    finally:
        other.execute("ROLLBACK")
        other.close()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Het is nu erg druk" in answer.text
    assert 'value="ada@example.org"' in answer.text
    assert reading.status_code == 200


def without_patience(app, ask):
    """What `ask` gets from an app whose connections do not wait for a lock."""

    def hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout=50").close()

    event.listen(db.engine, "connect", hurry)
    db.engine.dispose()
    kept, app.config["PROPAGATE_EXCEPTIONS"] = app.config["PROPAGATE_EXCEPTIONS"], False
    try:
        return ask()
    finally:
        app.config["PROPAGATE_EXCEPTIONS"] = kept
        event.remove(db.engine, "connect", hurry)
        db.engine.dispose()


def test_a_foreign_host_is_in_no_address(app):
    make.an_edition()
    make.a_session("Chat")
    make.a_release()
    client = Visitor(app).client

    for path in (
        "/",
        "/2027",
        "/2027/programma.ics",
        "/2027/programma.xml",
        "/api/v1/editions",
        "/sitemap.xml",
        "/robots.txt",
        "/2027/agenda",
    ):
        answer = client.get(
            path,
            base_url="https://evil.example",
            headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
        )
        assert answer.status_code in (200, 400), path
        assert "evil.example" not in answer.text, path


def test_an_error_inside_is_a_calm_page_and_tells_no_token(app, client, calm, capsys, caplog):
    edition = make.an_edition()
    registration = make.a_registration(edition)
    token = queries.feed_token(registration)
    edition.zone = "Nergens/Niets"
    db.session.commit()

    answer = client.get(f"/agenda/{token}.ics")

    assert answer.status_code == 500
    assert "Er ging iets mis bij ons" in answer.text
    assert "Nergens" not in answer.text
    assert [fault.split(":")[0] for fault in calm] == ["ZoneInfoNotFoundError"]
    logged = capsys.readouterr().out + caplog.text
    assert "request failed" in logged
    assert token not in logged


def test_a_refused_row_is_logged_without_its_values(app):
    make.an_edition("2027", title="Geheime titel")

    with pytest.raises(IntegrityError) as fault:
        make.an_edition("2027", title="Geheime titel")
    db.session.rollback()

    assert "Geheime titel" not in str(fault.value)
