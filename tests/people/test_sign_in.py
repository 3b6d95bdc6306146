"""Signing in by a mailed link: what works once, what tells nothing, and what stays on this site."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from blender_event.core import clock, links
from blender_event.core.database import db
from blender_event.people import actions, queries, rules
from blender_event.people.models import Person, SignIn, SignInLink
from tests import factories as make
from tests.visitor import Visitor, signed_in

NOW = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def olga(app):
    """Organiser of one edition."""
    return make.a_person("Olga", "olga@example.org", role="organiser", edition=make.an_edition())


def a_link(person, **facts):
    link = actions.make_link(person, lasts=facts.pop("lasts", timedelta(minutes=30)), now=clock.now(), **facts)
    db.session.commit()
    return f"/aanmelden/{queries.token_of(link)}"


def test_a_mailed_link_signs_in_after_the_button(olga, visitor, letters, worker, app):
    visitor.submit("/aanmelden", email=" OLGA@example.org ")
    visitor.follow()
    (letter,) = letters(kind="sign_in")

    assert visitor.page.heading == "Kijk in je mailbox"
    assert letter.to_email == "OLGA@example.org"
    assert letter.subject == "Je link om in te loggen bij Blender"
    assert "/aanmelden/" not in letter.text  # the outbox holds no link, only its place
    path = f"/aanmelden/{queries.token_of(db.session.scalars(select(SignInLink)).one())}"
    visitor.submit(path)
    assert visitor.location == "/beheer"
    assert visitor.get("/beheer/2027").heading == "Wat wacht op jou"


def test_the_letter_gets_its_link_when_it_is_sent(olga, visitor, worker, app):
    visitor.submit("/aanmelden", email="olga@example.org")
    worker.run()
    mails = [file.read_bytes() for file in sorted((Path(app.config["INSTANCE"]) / "mail").glob("*.eml"))]
    found = re.search(
        rb"https://blender\.example\.org(/aanmelden/[0-9a-z-]+)", mails[-1].replace(b"=\r\n", b"").replace(b"=\n", b"")
    )

    assert found is not None
    visitor.submit(found[1].decode())
    assert visitor.location == "/beheer"


def test_the_database_holds_no_token(olga):
    path = a_link(olga)
    row = db.session.scalars(select(SignInLink)).one()

    assert path.removeprefix("/aanmelden/") not in {row.token_hash, row.next_path}
    assert row.token_hash == links.hashed(path.removeprefix("/aanmelden/"))


def test_a_mail_scanner_that_opens_the_link_spoils_nothing(olga, visitor, client):
    path = a_link(olga)
    for _try in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200

    visitor.submit(path)

    assert visitor.location == "/beheer"


def test_a_link_works_once(olga, app):
    path = a_link(olga)
    first, second = Visitor(app), Visitor(app)
    page = second.get(path)
    first.submit(path)

    refused = second.submit(page, expect=404)

    assert refused.heading == "Deze link werkt niet meer"
    assert second.get("/beheer", expect=302) is not None


def test_a_link_ends_after_thirty_minutes(olga, visitor, time_stands_still):
    path = a_link(olga)
    page = visitor.get(path)
    time_stands_still.move_to(NOW + timedelta(minutes=30))

    assert visitor.submit(page, expect=404).heading == "Deze link werkt niet meer"


@pytest.mark.parametrize(
    "spoil", [str.upper, lambda token: token[:-1], lambda token: token + "a", lambda token: "9" + token, str.title]
)
def test_a_spoiled_link_opens_nothing(olga, visitor, spoil):
    token = a_link(olga).removeprefix("/aanmelden/")

    assert visitor.get(f"/aanmelden/{spoil(token)}", expect=404).heading == "Deze link werkt niet meer"


def test_tokens_of_other_purposes_do_not_sign_in(olga, visitor):
    link = actions.make_link(olga, lasts=timedelta(minutes=30), now=clock.now())
    db.session.commit()
    moment = int(link.created_at.timestamp())
    for purpose in links.Purpose:
        if purpose is not links.Purpose.SIGN_IN:
            visitor.get(f"/aanmelden/{links.derive(purpose, link.id, moment)}", expect=404)
            visitor.get(f"/aanmelden/{links.derive(purpose, link.id, 1)}", expect=404)

    assert links.derive(links.Purpose.SIGN_IN, link.id, moment) == queries.token_of(link)


def test_a_sign_in_token_opens_no_registration(olga, visitor):
    token = a_link(olga).removeprefix("/aanmelden/")
    make.a_registration(make.an_edition("2028"))

    visitor.get(f"/mijn/{token}", expect=404)
    assert visitor.client.get(f"/agenda/{token}.ics").status_code == 404


def test_known_and_unknown_addresses_get_the_same_answer(olga, visitor, letters):
    make.a_person("Mallory", "mallory@example.org")
    answers = set()
    for email in ("olga@example.org", "mallory@example.org", "nobody@example.org"):
        visitor.submit("/aanmelden", email=email)
        answers.add((visitor.response.status_code, visitor.location, visitor.response.get_data()))
        answers.add(visitor.follow().body)

    assert len(answers) == 2
    assert [letter.to_email for letter in letters()] == ["olga@example.org"]
    assert db.session.query(Person).count() == 2


def test_an_address_gets_five_links_in_a_quarter_of_an_hour(olga, visitor, letters):
    for _try in range(7):
        visitor.submit("/aanmelden", email="olga@example.org")

        assert visitor.location == "/aanmelden/verstuurd"

    assert len(letters(kind="sign_in")) == 5


def test_a_machine_that_fills_in_every_field_gets_nothing(olga, visitor, letters):
    visitor.submit("/aanmelden", email="olga@example.org", website="https://evil.example")

    assert visitor.location == "/aanmelden/verstuurd"
    assert letters() == []


def test_one_client_asks_sixty_links_in_a_quarter_of_an_hour(app, client, visitor):
    token = visitor.csrf_token()
    answers = [
        visitor.client.post("/aanmelden", data={"csrf_token": token, "email": f"n{number}@example.org"}).status_code
        for number in range(61)
    ]

    assert answers == [302] * 60 + [429]


@pytest.mark.parametrize(
    "typed", ["", "ada", "ada@", "@example.org", "ada@@example.org", "a b@example.org", "ada@example", "a@b.c, d@e.f"]
)
def test_what_is_no_address_is_said_so(visitor, app, typed):
    page = visitor.submit("/aanmelden", email=typed, expect=422)

    assert page.title.startswith("Fout:")
    assert "email" in page.errors


def test_signing_in_begins_a_new_session(olga, visitor):
    path = a_link(olga)
    visitor.get(path)
    before = visitor.client.get_cookie("__Host-blender", domain="blender.example.org").value

    visitor.submit(path)

    after = visitor.client.get_cookie("__Host-blender", domain="blender.example.org").value
    assert before != after
    with visitor.client.session_transaction(base_url="https://blender.example.org") as session:
        assert "csrf_token" not in session


def test_a_planted_session_is_not_signed_in_by_its_victim(olga, app):
    attacker, victim = Visitor(app), Visitor(app)
    attacker.get("/aanmelden")
    planted = attacker.client.get_cookie("__Host-blender", domain="blender.example.org").value
    victim.client.set_cookie("__Host-blender", planted, domain="blender.example.org", secure=True)
    victim.submit(a_link(olga))

    assert attacker.get("/beheer", expect=302) is not None


def test_a_cookie_is_dead_after_signing_out(app, organiser):
    stolen = organiser.client.get_cookie("__Host-blender", domain="blender.example.org").value
    organiser.submit("/beheer/account", form="sign-out")
    thief = Visitor(app)
    thief.client.set_cookie("__Host-blender", stolen, domain="blender.example.org", secure=True)

    assert organiser.location == "/aanmelden"
    assert thief.client.get("/beheer/account").status_code == 302


def test_signing_out_here_leaves_other_browsers_signed_in(app, ada):
    here, there = signed_in(app, ada), signed_in(app, ada)
    here.submit("/beheer/account", form="sign-out")

    there.get("/beheer/account")


def test_signing_out_everywhere_ends_every_browser_and_every_link(app, ada):
    here, there = signed_in(app, ada), signed_in(app, ada)
    waiting = a_link(ada)
    here.submit("/beheer/account", form="Log overal uit")

    there.get("/beheer/account", expect=302)
    there.get(waiting, expect=404)


def test_a_browser_is_signed_in_for_a_day(app, organiser, time_stands_still):
    time_stands_still.move_to(NOW + timedelta(hours=24, seconds=1))

    organiser.get("/beheer/account", expect=302)


def test_a_forged_session_key_opens_nothing(app, ada):
    signed_in(app, ada)

    assert queries.signed_in_person(ada.session_key, "guess", clock.now()) is None
    assert queries.signed_in_person("guess", "guess", clock.now()) is None
    assert db.session.query(SignIn).count() == 1


FOREIGN = [
    "//evil.example",
    "/\\evil.example",
    "///evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "https:evil.example",
    "https://evil.example",
    "http:///evil.example",
    "//good@evil.example",
    "http://evil\\.good",
    "javascript:alert(1)",
    " /beheer",
    "\\\\evil.example",
    "/beheer\\..",
    "beheer",
    "",
    None,
    "/" + "a" * 400,
]


@pytest.mark.parametrize("address", FOREIGN)
def test_only_an_own_path_may_follow_signing_in(address):
    assert rules.own_path(address) == ""


@pytest.mark.parametrize(
    "address", ["/beheer", "/beheer/2027/mails?show=trouble&page=2", "/en/beheer", "/%09/evil.example"]
)
def test_an_own_path_may_follow_signing_in(address):
    assert rules.own_path(address) == address


@pytest.mark.parametrize("address", [found for found in FOREIGN if found])
def test_the_journey_never_leaves_this_site(olga, visitor, address):
    visitor.get("/aanmelden", query_string={"next": address})
    visitor.post("/aanmelden", email="olga@example.org", next=address)
    link = db.session.scalars(select(SignInLink)).one()
    visitor.submit(f"/aanmelden/{queries.token_of(link)}")

    assert link.next_path == ""
    assert visitor.response.headers["Location"] == "/beheer"


def test_the_journey_goes_on_where_it_began(olga, visitor):
    visitor.get("/beheer/2027/mails?show=sent", expect=302)
    assert visitor.location == "/aanmelden?next=/beheer/2027/mails?show%3Dsent"
    visitor.submit(visitor.follow(), email="olga@example.org")
    link = db.session.scalars(select(SignInLink)).one()
    visitor.submit(f"/aanmelden/{queries.token_of(link)}")

    assert visitor.location == "/beheer/2027/mails?show=sent"


def test_pages_about_signing_in_are_kept_nowhere(olga, client):
    for path in ("/aanmelden", a_link(olga), "/aanmelden/nothing"):
        headers = client.get(path).headers

        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"


def test_a_post_without_csrf_token_signs_nobody_in(olga, client):
    path = a_link(olga)

    assert client.post(path).status_code == 400
    assert client.get(path).status_code == 200


def test_the_command_makes_the_first_organiser_once(app, visitor):
    first, second = actions.invite_first("first@example.org"), actions.invite_first("First@example.org")
    db.session.commit()

    assert first.startswith("https://blender.example.org/aanmelden/")
    assert first != second
    assert [(role.kind, role.edition_id, role.sees_needs) for role in queries.chiefs()] == [("organiser", None, True)]
    assert queries.chiefs()[0].person.name == "First"
    visitor.submit(second.removeprefix("https://blender.example.org"))
    assert visitor.location == "/beheer"


def test_row_numbers_used_again_never_revive_an_old_link(olga, time_stands_still):
    old = a_link(olga)
    db.session.query(SignInLink).delete()
    db.session.commit()
    time_stands_still.move_to(NOW + timedelta(hours=1))
    link = SignInLink(
        id=int(old.split("/")[2].split("-")[0]),
        person_id=olga.id,
        token_hash="x",
        created_at=clock.now(),
        expires_at=clock.now(),
    )

    assert f"/aanmelden/{queries.token_of(link)}" != old
