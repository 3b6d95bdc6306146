"""Who may go where: every route, every role; and what no method or forged form may do."""

import re

import pytest
from sqlalchemy import event

from blender_event.core.database import SAFE_METHODS, db
from tests.visitor import Visitor, signed_in
from tests.world import Browsers, World

pytestmark = [pytest.mark.once, pytest.mark.slow]  # goes through every route: `./dev test --fast` leaves it out

# Whom each policy lets in, for the edition 2027. "stranger" organises another edition, "nobody" is only signed in.
ROLES = ("anonymous", "nobody", "helper", "stranger", "organiser", "chief", "reviewer", "speaker")
MATRIX = {
    "everyone": set(ROLES),
    "link holder": set(ROLES),
    "signed in": set(ROLES) - {"anonymous"},
    "insider": set(ROLES) - {"anonymous", "nobody"},
    "reviewer": {"reviewer", "organiser", "chief"},
    "speaker": {"speaker"},
    "desk": {"helper", "organiser", "chief"},
    "organiser": {"organiser", "chief"},
    "needs reader": {"chief"},
    "chief": {"chief"},
    "operator": set(ROLES),  # the test client stands on loopback
    "developer": set(),
}
# Open to an organiser of any edition, because there is no edition in the address.
ANY_EDITION = {"organiser": {"stranger"}, "desk": {"stranger"}}


@pytest.fixture
def world(app, calm):
    return World()


def browser_of(app, world, role):
    return Visitor(app) if role == "anonymous" else signed_in(app, getattr(world, role))


# Whose address it is, they see; an organiser who is not asked to judge has no business there.
THEIRS = {"admin.review.review", "admin.review.attachment", "admin.review.say"}


def lets_in(rule, policy, role):
    if rule.endpoint in THEIRS:
        return role == "reviewer"
    return role in MATRIX[policy] or ("edition" not in rule.arguments and role in ANY_EDITION.get(policy, ()))


@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_whom_it_is_meant_and_does_not_exist_for_others(app, world, calm, role):
    browser = browser_of(app, world, role)
    faults = []
    for rule, path, policy in world.routes(app):
        if "GET" not in rule.methods:
            continue
        answer = browser.client.get(path)
        asked_in = answer.status_code in (302, 303) and "/aanmelden" in answer.headers["Location"]
        if lets_in(rule, policy, role):
            good = answer.status_code in (200, 302, 303) and not (
                asked_in and policy not in ("everyone", "link holder")
            )
            good = good or path in WITHOUT_A_STEP_BEFORE
        else:
            good = answer.status_code == 404 or (role == "anonymous" and asked_in)
        if not good:
            faults.append(
                f"{role} gets {answer.status_code} {answer.headers.get('Location', '')} from {path} ({policy})"
            )

    assert not faults, "\n".join(faults)


# The page for a code exists only between the link and the code.
WITHOUT_A_STEP_BEFORE = {"/aanmelden/code"}


@pytest.mark.parametrize("role", ["anonymous", "nobody", "helper", "stranger", "reviewer", "speaker"])
def test_nobody_changes_what_is_not_theirs(app, world, calm, role):
    """With a valid token and an empty form: the route itself must not exist for them."""
    browser = browser_of(app, world, role)
    token = browser.csrf_token()
    faults = []
    for rule, path, policy in world.routes(app):
        for method in rule.methods - SAFE_METHODS:
            if lets_in(rule, policy, role):
                continue
            answer = browser.client.open(
                path, method=method, data={"csrf_token": token}, headers={"Referer": "https://blender.example.org/"}
            )
            if answer.status_code != 404:
                faults.append(f"{role}: {method} {path} answered {answer.status_code} {calm[-1:]}")

    assert not faults, "\n".join(faults)


def test_an_unsafe_request_without_its_token_is_refused_everywhere(app, world, calm):
    browsers = Browsers(app, world)
    faults = []
    for rule, path, policy in world.routes(app):
        for method in rule.methods - SAFE_METHODS:
            for forged in ({}, {"csrf_token": "forged"}):
                answer = browsers.of(policy).client.open(path, method=method, data=forged)
                if answer.status_code != 400 and not (
                    rule.endpoint == "people.second_step" and answer.status_code in (302, 404)
                ):
                    faults.append(f"{method} {path} with {forged} answered {answer.status_code} {calm[-1:]}")

    assert not faults, "\n".join(faults)


def test_the_token_of_another_browser_is_refused(app, world, calm):
    mine, theirs = signed_in(app, world.chief), signed_in(app, world.organiser)
    path = f"/beheer/{world.edition.slug}/toestand"
    mine.get(path)
    answer = theirs.client.post(path, data={"csrf_token": mine.page.token, "status": "closed"})

    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PROPFIND", "PUT", "DELETE", "PATCH", "FOO"])
def test_no_method_breaks_a_route(app, world, calm, method):
    browsers = Browsers(app, world)
    faults = []
    for _rule, path, policy in world.routes(app):
        answer = browsers.of(policy).client.open(path, method=method)
        if answer.status_code >= 500:
            faults.append(f"{method} {path} answered {answer.status_code} {calm[-1:]}")
        if method == "HEAD" and answer.data:
            faults.append(f"HEAD {path} has a body")

    assert not faults, "\n".join(faults)


def test_head_says_what_get_says(app, world, calm):
    browsers = Browsers(app, world)
    faults = []
    for rule, path, policy in world.routes(app):
        if "GET" not in rule.methods:
            continue
        got, head = browsers.of(policy).client.get(path), browsers.of(policy).client.head(path)
        names = ("Content-Type", "ETag", "Last-Modified", "Cache-Control")
        said = [(answer.status_code, [answer.headers.get(name) for name in names]) for answer in (got, head)]
        if said[0] != said[1]:
            faults.append(f"{path}: GET {said[0]}, HEAD {said[1]}")

    assert not faults, "\n".join(faults)


@pytest.fixture
def writes(app):
    """Every statement that changes something while the test listens."""
    seen = []

    def note(_connection, _cursor, statement, *_more):
        if re.match(r"\s*(INSERT|UPDATE|DELETE)", statement, re.IGNORECASE):
            seen.append(statement.split("\n")[0][:80])

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


# Who looks at what people need, or takes a list away, is written down (QUALITY §5).
LOGGED = {
    "admin.registrations.needs",
    "admin.registrations.needs_of",
    "admin.registrations.export_file",
    "admin.pitches.export",
    "admin.pitches.export_interests",
    "admin.speakers.needs",
}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(app, world, writes, method):
    """A mail scanner, a crawler or a preview may open any link: nothing happens."""
    browsers = Browsers(app, world)
    faults = []
    for rule, path, policy in world.routes(app):
        writes.clear()
        browsers.of(policy).client.open(path, method=method)
        faults += [
            f"{method} {path}: {statement}"
            for statement in writes
            if not (rule.endpoint in LOGGED and "audit_entries" in statement)
        ]

    assert not faults, "\n".join(faults)


def test_personal_pages_are_kept_nowhere_and_public_ones_set_no_cookie(app, world, calm):
    browsers = Browsers(app, world)
    faults = []
    for rule, path, policy in world.routes(app):
        if "GET" not in rule.methods:
            continue
        answer = browsers.of(policy).client.get(path)
        caching = answer.headers.get("Cache-Control", "")
        cookie = answer.headers.get("Set-Cookie")
        if policy not in ("everyone", "operator") and not ("no-store" in caching or caching == "private, no-cache"):
            faults.append(f"{path} ({policy}) says {caching!r}")
        if cookie and "public" in caching:
            faults.append(f"{path} may be kept by others and sets a cookie")
        if (
            policy == "everyone"
            and "no-store" in caching
            and rule.endpoint not in TELLS_SOMEBODY
            and answer.status_code == 200
            and "form" not in answer.get_data(as_text=True)
        ):
            faults.append(f"{path} is public and says {caching!r}")

    assert not faults, "\n".join(faults)


# Public addresses whose answer is meant for who just sent a form, or for who watches over the server.
TELLS_SOMEBODY = {"registrations.received", "people.link_sent", "pages.health", "pitches.thanked", "pitches.link_sent"}


def test_every_answer_has_the_security_headers(app, world, calm):
    browsers = Browsers(app, world)
    faults = []
    for rule, path, policy in world.routes(app):
        if "GET" not in rule.methods:
            continue
        headers = browsers.of(policy).client.get(path).headers
        policy = headers.get("Content-Security-Policy", "")
        if (
            "unsafe" in policy
            or "default-src 'none'" not in policy
            or headers.get("X-Content-Type-Options") != "nosniff"
        ):
            faults.append(f"{path}: {policy!r}")

    assert not faults, "\n".join(faults)


def test_the_session_cookie_belongs_to_this_host_alone(app, world, calm):
    browser = Visitor(app)
    browser.submit(f"/aanmelden/{world.sign_in_token()}")
    cookie = browser.response.headers["Set-Cookie"]

    assert cookie.startswith("__Host-blender=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
