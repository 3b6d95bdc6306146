"""What must never come out: markup in any text, another edition's rows, somebody's needs, links to join, and the wrong key in a lock."""

import io
import zipfile

import pytest
from sqlalchemy import String, Text

from blender_event.core import clock, links
from blender_event.core.database import Base, db
from blender_event.core.links import Purpose
from blender_event.registrations.models import Registration
from tests import factories as make
from tests.page import Page
from tests.visitor import Visitor, signed_in
from tests.world import Browsers, World

pytestmark = pytest.mark.slow  # goes through every route: `./dev test --fast` leaves it out

MARKUP = "<x-canary onclick=1>\"'&{{7*7}}"
# Columns with a form of their own, or that hold our own safe HTML.
FIXED = {
    "slug",
    "uid",
    "code",
    "key",
    "email_key",
    "token_hash",
    "key_hash",
    "session_key",
    "zone",
    "reference",
    "message_id",
    "status",
    "kind",
    "attendance",
}
FIXED |= {
    "registration_mode",
    "role",
    "language",
    "level",
    "source",
    "country",
    "audience_group",
    "colour",
    "sort_key",
    "search_text",
    "html",
    "email",
    "to_email",
}
FIXED |= {
    "reply_to",
    "about",
    "consent_text",
    "new_email",
    "contact_email",
    "registration_url",
    "source_url",
    "join_url",
    "released_join_url",
    "digest",
    "purpose",
}
FIXED |= {"result", "totp_secret", "next_path"}
FIXED |= {
    "pending",
    "judged_by",
    "advice",
    "made_by",
    "scanned",
    "preview",
    "publish",
    "accessible",
    "storage_key",
    "media_type",
    "portrait_code",
    "url",
}


def fill_with(words):
    """Put `words` in every free text of every row, then publish again: the release holds them too."""
    with db.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            free = [
                column.name
                for column in table.columns
                if isinstance(column.type, String | Text)
                and column.name not in FIXED
                and not column.name.endswith(("_html", "_key"))
            ]
            if free:
                connection.execute(
                    table.update().values({name: words[: table.c[name].type.length or 10_000] for name in free})
                )
    db.session.expire_all()


def bytes_of(answer):
    """Everything in an answer; a workbook is unpacked."""
    body = answer.get_data()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body


def answers(browser, world, app, *policies):
    for rule, path, policy in world.routes(app, *policies):
        if "GET" in rule.methods:
            answer = browser.client.get(path)
            yield rule, path, policy, answer


@pytest.mark.slow
@pytest.mark.once
def test_no_text_of_anybody_becomes_markup_anywhere(app, calm):
    world = World()
    browsers = Browsers(app, world)
    fill_with(MARKUP)
    make.a_release(world.edition, by=world.chief)
    faults = []
    for language in ("", "/en"):
        for rule, path, policy in world.routes(app):
            if "GET" not in rule.methods:
                continue
            answer = browsers.of(policy).client.get(language + path)
            if answer.status_code >= 500:
                faults.append(f"{language}{path} answered {answer.status_code} {calm[-1:]}")
            page = Page(answer, language + path)
            if page.tree is None:
                continue
            faults += [f"{path}: a tag from text" for _tag in page.tree.iter("x-canary")]
            faults += [
                f"{path}: an attribute from text: {name}"
                for element in page.tree.iter()
                for name in element.attrib
                if name in ("onclick",)
            ]
            faults += [f"{path}: text was calculated" for _once in [1] if "49" in page.text and "'&49" in page.text]
            if answer.status_code == 200:
                try:
                    page.keeps_the_contract()
                except AssertionError as fault:
                    if "left over" not in str(fault):
                        faults.append(str(fault))

    assert not faults, "\n".join(faults)


@pytest.mark.once
def test_an_organiser_sees_nothing_of_another_edition(app, calm):
    mine, theirs = World(), World(slug="2029")
    for table in Base.metadata.sorted_tables:
        if "edition_id" in table.c:
            names = [
                name
                for name in ("name", "title", "first_name", "subject", "to_name", "reason", "note", "summary")
                if name in table.c
            ]
            if names:
                db.session.execute(
                    table.update()
                    .where(table.c.edition_id == theirs.edition.id)
                    .values(dict.fromkeys(names, "Kanarie"))
                )
    db.session.commit()
    browser = signed_in(app, mine.organiser)
    # Similar pitches are looked for in earlier editions too, among those that are public there.
    public = {"pages.home", "pages.archive", "pages.sitemap", "api.editions", "pitches.similar"}
    leaks = [
        path
        for rule, path, _policy, answer in answers(browser, mine, app)
        if answer.status_code == 200 and rule.endpoint not in public and b"Kanarie" in bytes_of(answer)
    ]

    assert leaks == []


@pytest.mark.once
def test_rows_of_another_edition_do_not_exist_under_ours(app, calm):
    """Every number and name in every address, taken from an edition that is not ours."""
    mine, theirs = World(), World(slug="2029")
    browser = signed_in(app, mine.organiser)
    token = browser.csrf_token()
    adapter = app.url_map.bind("blender.example.org", url_scheme="https")
    faults, tried = [], 0
    for rule in app.url_map.iter_rules():
        others = rule.arguments - {"edition"} - (rule.defaults or {}).keys()
        if "edition" not in rule.arguments or not others:
            continue
        foreign = {name: theirs.value(rule, name) for name in others}
        if foreign == {name: mine.value(rule, name) for name in others}:
            continue  # version numbers and file kinds are the same everywhere
        path = adapter.build(
            rule.endpoint, {"edition": mine.edition, **foreign}, method="GET" if "GET" in rule.methods else "POST"
        )
        for method in sorted(rule.methods & {"GET", "POST"}):
            tried += 1
            answer = browser.client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
            if answer.status_code != 404:
                faults.append(f"{method} {path} answered {answer.status_code}")

    assert not faults, "\n".join(faults)
    assert tried > 40


@pytest.mark.once
@pytest.mark.parametrize("who", ["organiser", "helper", "nobody"])
def test_needs_are_seen_only_by_who_has_the_right(app, calm, who):
    world = World(needs="Kanarie: geen noten")
    browser = signed_in(app, getattr(world, who))
    leaks = [
        path
        for rule, path, _policy, answer in answers(browser, world, app)
        if answer.status_code == 200 and rule.endpoint != "portal.needs" and b"Kanarie" in bytes_of(answer)
    ]

    assert leaks == []


@pytest.mark.once
def test_who_has_the_right_does_see_them(app, calm):
    """The other side of the test above: the canary is there to be seen."""
    world = World(needs="Kanarie: geen noten")
    browser = signed_in(app, world.chief)
    seen = {
        rule.endpoint
        for rule, _path, _policy, answer in answers(browser, world, app, "needs reader")
        if b"Kanarie" in bytes_of(answer)
    }

    assert "admin.registrations.needs_of" in seen


@pytest.mark.once
def test_links_to_join_online_are_never_public(app, calm):
    world = World()
    world.edition.join_url = "https://kanarie.example.org/edition"
    for session in world.sessions:
        session.join_url, session.is_online = "https://kanarie.example.org/session", True
    db.session.commit()
    make.a_release(world.edition, by=world.chief)
    visitor = Visitor(app)
    leaks = [
        path
        for _rule, path, _policy, answer in answers(visitor, world, app, "everyone")
        if b"kanarie.example.org" in bytes_of(answer)
    ]

    assert leaks == []


OPENS = {
    Purpose.MANAGE: {
        "/mijn/{}",
        "/mijn/{}/wijzigen",
        "/mijn/{}/annuleren",
        "/mijn/{}/afdrukken",
        "/mijn/{}/blender.ics",
    },
    Purpose.MAILED: {
        "/mijn/{}",
        "/mijn/{}/wijzigen",
        "/mijn/{}/annuleren",
        "/mijn/{}/afdrukken",
        "/mijn/{}/blender.ics",
    },
    Purpose.FEED: {"/agenda/{}.ics"},
}
LOCKS = {
    "/mijn/{}",
    "/mijn/{}/wijzigen",
    "/mijn/{}/annuleren",
    "/mijn/{}/afdrukken",
    "/mijn/{}/blender.ics",
    "/mijn/{}/behoeften",
    "/mijn/{}/adres",
}
LOCKS |= {"/agenda/{}.ics", "/aanmelden/{}"}


@pytest.mark.once
@pytest.mark.parametrize("purpose", Purpose)
def test_each_kind_of_link_opens_only_its_own_lock(app, calm, visitor, purpose):
    registration = make.a_registration(make.an_edition())
    version = registration.feed_version if purpose is Purpose.FEED else registration.link_version
    token = links.derive(purpose, registration.id, version)
    opened = {lock for lock in LOCKS if visitor.client.get(lock.format(token)).status_code != 404}

    assert opened == OPENS.get(purpose, set())


@pytest.mark.once
def test_a_link_that_is_cut_changed_old_or_foreign_opens_nothing_and_says_the_same(app, calm, visitor):
    edition = make.an_edition()
    registration, other = make.a_registration(edition), make.a_registration(edition)
    token = links.derive(Purpose.MANAGE, registration.id, registration.link_version)
    seal = token.partition("-")[2]
    bad = [
        token[:-1],
        token + "a",
        token.upper(),
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        f"{other.id}-{seal}",
        f"999999-{seal}",
        "x",
        "0-0",
        seal,
    ]
    registration.link_version += 1
    db.session.commit()
    bad.append(token)
    said = {
        lock: {
            (answer.status_code, Page(answer, lock).text)
            for one in bad
            if (answer := visitor.client.get(lock.format(one)))
        }
        for lock in LOCKS
    }

    assert {lock: sorted(status for status, _text in found) for lock, found in said.items()} == {
        lock: [404] for lock in LOCKS
    }


@pytest.mark.once
def test_no_address_or_name_of_a_file_is_made_from_an_email(app):
    """Nothing public may be derived from an address (QUALITY §1: bulk disclosure)."""
    registration = make.a_registration(make.an_edition(), email="kanarie@example.org")
    names = [
        column.name
        for column in Registration.__table__.columns
        if "email" not in column.name and column.name != "search_text"
    ]

    assert [
        name for name in names if "kanarie" in str(getattr(registration, "group" if name == "audience_group" else name))
    ] == []
    assert clock.now() == registration.created_at
