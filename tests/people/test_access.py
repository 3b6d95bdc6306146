"""Who gets in where: each kind of person against each kind of page, here and in another edition."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from blender_event.core import access, clock
from blender_event.core.database import db
from blender_event.people import access as people_access
from blender_event.people import rules
from blender_event.people.models import Role
from tests import factories as make
from tests.visitor import Visitor, signed_in

ORGANISERS_PAGES = [
    "/beheer/2027",
    "/beheer/2027/toegang",
    "/beheer/2027/toegang/nodig-uit",
    "/beheer/2027/mails",
    "/beheer/2027/logboek",
]


@pytest.fixture
def editions(app):
    return make.an_edition("2027"), make.an_edition("2028")


@pytest.fixture
def browsers(app, editions):
    """A browser for each kind of person."""
    here, elsewhere = editions
    people = {
        "chief": make.an_organiser("Chief"),
        "organiser": make.an_organiser("Here", here),
        "other organiser": make.an_organiser("Elsewhere", elsewhere),
        "desk": make.a_person("Desk", role="desk", edition=here),
        "reviewer": make.a_person("Reviewer", role="reviewer", edition=here),
        "nobody": make.a_person("Mallory"),
    }
    return {name: signed_in(app, person) for name, person in people.items()}


@pytest.mark.parametrize("path", ORGANISERS_PAGES)
def test_only_organisers_of_the_edition_open_its_pages(browsers, path):
    answers = {name: browser.client.get(path).status_code for name, browser in browsers.items()}

    assert answers == {
        "chief": 200,
        "organiser": 200,
        "other organiser": 404,
        "desk": 404,
        "reviewer": 404,
        "nobody": 404,
    }


def test_not_yours_and_not_there_look_the_same(browsers):
    mallory = browsers["nobody"].client
    missing, foreign = mallory.get("/beheer/2030/mails"), mallory.get("/beheer/2027/mails")

    assert (missing.status_code, foreign.status_code) == (404, 404)
    assert missing.get_data() == foreign.get_data()


def test_a_draft_and_a_missing_edition_look_the_same(browsers, client):
    make.an_edition("2029", title="The secret day", status="draft")
    for browser in (client, browsers["nobody"].client):
        missing, draft = browser.get("/2030/programma"), browser.get("/2029/programma")

        assert (missing.status_code, draft.status_code) == (404, 404)
        assert missing.get_data() == draft.get_data()


@pytest.mark.parametrize(
    "path", ["/beheer", "/beheer/2027", "/beheer/2030", "/beheer/nothing/at/all", "/en/beheer/2027"]
)
def test_a_stranger_is_asked_to_sign_in_whatever_the_address(editions, client, path):
    response = client.get(path)
    start = "/en/aanmelden" if path.startswith("/en") else "/aanmelden"

    assert response.status_code == 302
    assert response.headers["Location"] == f"{start}?next={path}"


def test_a_stranger_who_posts_gets_no_page(editions, visitor):
    visitor.post("/beheer/2027/mails/proef", expect=404)
    visitor.post("/beheer/2030/mails/proef", expect=404)


def test_a_role_that_is_taken_away_is_gone_at_once(app, editions):
    olga = make.an_organiser("Olga", editions[0])
    browser = signed_in(app, olga)
    browser.get("/beheer/2027")
    db.session.query(Role).filter_by(person_id=olga.id).delete()
    db.session.commit()

    assert browser.client.get("/beheer/2027").status_code == 404


def test_a_draft_edition_is_seen_by_its_organisers_only(app, browsers, client):
    draft = make.an_edition("2029", status="draft")
    olga = signed_in(app, make.an_organiser("Olga", draft))

    assert client.get("/2029").status_code == 404
    assert browsers["nobody"].client.get("/2029").status_code == 404
    assert browsers["other organiser"].client.get("/2029").status_code == 404
    assert browsers["chief"].client.get("/2029").status_code == 200
    assert olga.client.get("/2029").status_code == 200


def test_public_pages_never_look_at_the_cookie(browsers):
    for name in ("chief", "nobody"):
        response = browsers[name].client.get("/2027")

        assert response.status_code == 200
        assert "Cookie" not in response.headers.get("Vary", "")
        assert "Set-Cookie" not in response.headers


def test_a_remember_cookie_of_flask_login_signs_nobody_in(app, ada, client):
    signed_in(app, ada)
    client.set_cookie("remember_token", f"{ada.session_key}.x|0", domain="blender.example.org", secure=True)

    assert client.get("/beheer").status_code == 302


MATRIX = {
    "chief": {access.signed_in, access.organiser, access.chief, access.desk},
    "organiser": {access.signed_in, access.organiser, access.desk},
    "reader": {access.signed_in, access.organiser, access.desk, access.needs_reader},
    "chief reader": {access.signed_in, access.organiser, access.chief, access.desk, access.needs_reader},
    "other organiser": {access.signed_in},
    "other reader": {access.signed_in},
    "desk": {access.signed_in, access.desk},
    "reviewer": {access.signed_in},
    "nobody": {access.signed_in},
    "stranger": set(),
}


@pytest.mark.parametrize("name", MATRIX)
def test_the_matrix_of_policies(app, editions, name):
    here, elsewhere = editions
    roles = {
        "chief": {"role": "organiser"},
        "organiser": {"role": "organiser", "edition": here},
        "reader": {"role": "organiser", "edition": here, "sees_needs": True},
        "chief reader": {"role": "organiser", "sees_needs": True},
        "other organiser": {"role": "organiser", "edition": elsewhere},
        "other reader": {"role": "organiser", "edition": elsewhere, "sees_needs": True},
        "desk": {"role": "desk", "edition": here},
        "reviewer": {"role": "reviewer", "edition": here},
        "nobody": {},
    }
    policies = [access.signed_in, access.organiser, access.chief, access.desk, access.needs_reader]
    browser = Visitor(app) if name == "stranger" else signed_in(app, make.a_person(name.title(), **roles[name]))
    cookie = browser.client.get_cookie("__Host-blender", domain="blender.example.org")
    headers = {"Cookie": f"__Host-blender={cookie.value}"} if cookie else {}
    with app.test_request_context("/", headers=headers):
        held = {policy for policy in policies if people_access.holds(policy, {"edition": here})}
        sees = people_access.sees_needs(here)

    assert held == MATRIX[name]
    assert sees == (access.needs_reader in MATRIX[name])


@pytest.mark.parametrize(
    ("address", "headers", "expected"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("10.0.0.1", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, False),
        ("10.0.0.1", {"Authorization": "Bearer the token of the measurements"}, True),
        ("10.0.0.1", {"Authorization": "Bearer another"}, False),
        ("10.0.0.1", {"Authorization": "Bearer "}, False),
    ],
)
def test_the_operator_is_on_this_machine_or_knows_the_token(app, address, headers, expected):
    app.config["METRICS_TOKEN"] = "the token of the measurements"
    with app.test_request_context("/", headers=headers, environ_base={"REMOTE_ADDR": address}):
        held = people_access.holds(access.operator, {})
    app.config["METRICS_TOKEN"] = None

    assert held is expected


@pytest.mark.once
def test_without_a_token_an_empty_one_opens_nothing(app):
    app.config["METRICS_TOKEN"] = ""
    with app.test_request_context("/", headers={"Authorization": "Bearer "}, environ_base={"REMOTE_ADDR": "10.0.0.1"}):
        assert people_access.holds(access.operator, {}) is False


@pytest.mark.once
def test_developers_pages_exist_in_development_only(app):
    with app.test_request_context("/"):
        assert people_access.holds(access.developer, {}) is False
        app.config["ENVIRONMENT"] = "development"
        held = people_access.holds(access.developer, {})
        app.config["ENVIRONMENT"] = "production"

    assert held is True


@pytest.mark.once
def test_policies_nobody_knows_never_hold(app, organiser):
    with app.test_request_context("/"):
        assert people_access.holds(access.Policy("something new"), {}) is False


def test_being_signed_in_costs_one_statement(app, organiser):
    seen = []

    def note(_connection, _cursor, statement, *_more):
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    organiser.get("/beheer/account")
    event.remove(db.engine, "before_cursor_execute", note)

    assert len(seen) == 1


def role(kind="organiser", edition_id=None, sees_needs=False):
    return Role(kind=kind, edition_id=edition_id, sees_needs=sees_needs, created_at=clock.now() - timedelta(days=1))


def test_nobody_gives_more_than_they_have():
    chief, here, reader = role(), role(edition_id=1), role(edition_id=1, sees_needs=True)

    assert rules.may_give([chief], edition_id=None, sees_needs=False) is None
    assert rules.may_give([here], edition_id=None, sees_needs=False).field == "reach"
    assert rules.may_give([here], edition_id=1, sees_needs=True).field == "sees_needs"
    assert rules.may_give([reader], edition_id=1, sees_needs=True) is None
    assert rules.may_give([reader], edition_id=2, sees_needs=True).field == "sees_needs"


def test_the_last_chief_stays():
    assert rules.a_chief_remains(role(), 1) is not None
    assert rules.a_chief_remains(role(), 2) is None
    assert rules.a_chief_remains(role(edition_id=3), 1) is None
    assert rules.a_chief_remains(role("desk"), 1) is None
