"""Registering through the pages: three steps without script, nothing lost, nothing told."""

from datetime import UTC, datetime

import pytest

from blender_event.core.database import db
from blender_event.registrations.models import Needs, Parked, Registration
from tests import factories as make

ABOUT = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.org",
    "attendance": "onsite",
    "group": "research",
}


def rows():
    db.session.rollback()
    return db.session.query(Registration).order_by(Registration.id).all()


def register(visitor, path="/2027/inschrijven", **answers):
    page = visitor.submit(path, expect=200, **(ABOUT | answers))
    page = visitor.submit(page, expect=200)
    return visitor.submit(page)


def test_three_steps_lead_to_a_place_and_to_ones_own_page(app, visitor, letters):
    make.an_edition(capacity_onsite=1)

    page = visitor.submit("/2027/inschrijven", expect=200, organisation="Analytische Machine", **ABOUT)
    assert page.heading == "Wat heb je nodig?"
    page = visitor.submit(
        page,
        expect=200,
        needs=["hearing_loop"],
        needs_words="vooraan",
        needs_consent=True,
        sectors=["ict"],
        listed=True,
    )
    assert page.heading == "Kijk je antwoorden na"
    assert "Analytische Machine" in page and "Ringleiding" in page
    assert rows() == []
    visitor.submit(page)
    page = visitor.follow()

    assert page.path.startswith("/mijn/")
    assert (page.main.get("data-status"), page.main.get("data-position")) == ("confirmed", "0")
    assert page.heading == "Dag Ada, dit is jouw dag"
    made = rows()[0]
    assert (made.organisation, made.group, made.sectors, made.listed, made.language) == (
        "Analytische Machine",
        "research",
        ["ict"],
        True,
        "nl",
    )
    assert db.session.query(Needs).one().words == "vooraan"
    assert [(one.kind, one.subject) for one in letters(to="ada@example.org")] == [
        ("confirmed", "Je bent ingeschreven voor Blender 2027")
    ]


def test_the_next_one_waits_and_sees_the_place_in_words(app, visitor):
    edition = make.an_edition(capacity_onsite=1)
    make.a_registration(edition)
    make.a_registration(edition, status="waiting")
    register(visitor)
    page = visitor.follow()
    assert (page.main.get("data-status"), page.main.get("data-position")) == ("waiting", "2")
    assert "je bent de tweede" in page


def test_everything_posted_to_the_first_step_travels_along(app, visitor):
    make.an_edition()
    page = visitor.post(
        "/2027/inschrijven",
        expect=200,
        **ABOUT,
        sectors=["ict", "policy"],
        needs="quiet_room",
        needs_consent="y",
        brings_seeks="Een vraag",
        listed="y",
    )
    page = visitor.submit(page, expect=200)
    visitor.submit(page)
    made = rows()[0]
    assert (made.sectors, made.brings_seeks, made.listed, made.needs.choices) == (
        ["ict", "policy"],
        "Een vraag",
        True,
        ["quiet_room"],
    )


def test_going_back_and_changing_loses_nothing(app, visitor):
    make.an_edition()
    page = visitor.submit("/2027/inschrijven", expect=200, **ABOUT)
    page = visitor.submit(page, expect=200, sectors=["ict"], brings_seeks="Een vraag")
    page = visitor.submit(page, expect=200, button="Wijzig over jou")
    assert page.heading == "Over jou" and page.form().values()["first_name"] == ["Ada"]
    page = visitor.submit(page, expect=200, first_name="Augusta")
    assert page.form().values()["sectors"] == ["ict"] and page.form().values()["brings_seeks"] == ["Een vraag"]
    page = visitor.submit(page, expect=200, button="Vorige stap")
    page = visitor.submit(page, expect=200)
    page = visitor.submit(page, expect=200)
    visitor.submit(page)
    assert [(one.first_name, one.sectors) for one in rows()] == [("Augusta", ["ict"])]


def test_what_is_wrong_stands_beside_its_field_and_on_top(app, visitor):
    make.an_edition()
    page = visitor.submit("/2027/inschrijven", expect=422, first_name="", email="ada.example.org", phone="09 123")
    assert page.title.startswith("Fout: ")
    assert page.errors == {
        "first_name": "Vul je voornaam in",
        "email": "Vul een volledig e-mailadres in, zoals ada@example.org",
        "attendance": "Kies hoe je komt",
        "group": "Kies de groep waar je bij hoort",
    }
    assert list(page.links)[list(page.links).index("Vul je voornaam in") :][:4] == [
        "Vul je voornaam in",
        "Vul een volledig e-mailadres in, zoals ada@example.org",
        "Kies hoe je komt",
        "Kies de groep waar je bij hoort",
    ]
    assert page.form().values()["phone"] == ["09 123"]


def test_the_english_form_speaks_english_and_so_does_the_letter(app, visitor, letters):
    make.an_edition()
    page = visitor.submit("/en/2027/inschrijven", expect=422, first_name="")
    assert page.title.startswith("Error: ")
    register(visitor, "/en/2027/inschrijven")
    assert visitor.location.startswith("/en/mijn/")
    assert letters()[0].subject == "You are registered for Blender 2027"


def test_needs_without_a_yes_are_asked_again_with_what_was_ticked(app, visitor):
    make.an_edition()
    page = visitor.submit("/2027/inschrijven", expect=200, **ABOUT)
    page = visitor.submit(page, expect=422, needs=["wheelchair"], needs_words="brede deur")
    assert page.errors == {"needs_consent": "Vink aan dat we mogen bewaren wat je nodig hebt, of maak het leeg"}
    assert page.form().values()["needs"] == ["wheelchair"]
    page = visitor.submit(page, expect=200, needs_consent=True)
    visitor.submit(page)
    assert rows()[0].needs.words == "brede deur"


def test_a_way_of_taking_part_alone_is_chosen_already(app, visitor):
    make.an_edition(offers_online=False)
    page = visitor.get("/2027/inschrijven")
    assert page.form().values()["attendance"] == ["onsite"]


def test_a_second_registration_ends_on_a_page_that_tells_nothing(app, visitor, letters):
    edition = make.an_edition()
    make.a_registration(edition, first_name="Ada", email="ada@example.org")
    register(visitor, email=" ADA@example.org ", first_name="Mallory")
    assert visitor.location == "/2027/inschrijven/ontvangen"
    page = visitor.follow()
    assert page.heading == "Kijk in je mailbox" and "ada@" not in page.everything
    assert [one.kind for one in letters()] == ["already_registered"]
    assert [one.first_name for one in rows()] == ["Ada"]


def test_attempts_on_one_address_are_limited_and_lock_nobody_out(app, visitor, letters):
    edition = make.an_edition()
    make.a_registration(edition, email="ada@example.org")
    for number in range(5):
        register(visitor, first_name=f"Mallory {number}")
        assert visitor.location == "/2027/inschrijven/ontvangen"
    db.session.delete(rows()[0])
    db.session.commit()
    register(visitor)
    assert visitor.location.startswith("/mijn/")


def test_a_repeated_form_shows_the_first_result_and_another_content_is_refused(app, visitor, letters):
    make.an_edition()
    page = visitor.submit("/2027/inschrijven", expect=200, **ABOUT)
    page = visitor.submit(page, expect=200)
    answers = page.form().values()
    visitor.submit(page)
    first = visitor.location
    visitor.submit(page)
    assert visitor.location == first
    refused = visitor.post(
        "/2027/inschrijven",
        expect=409,
        **{k: v for k, v in (answers | {"first_name": ["Sam"]}).items() if k != "csrf_token"},
    )
    assert refused.heading == "Dit formulier is al verstuurd"
    assert [one.first_name for one in rows()] == ["Ada"] and len(letters()) == 1


def test_a_filled_trap_is_parked_without_needs_and_answered_like_a_person(app, visitor, letters):
    make.an_edition()
    visitor.post("/2027/inschrijven", **ABOUT, website="https://evil.example", needs_words="diabetes")
    assert visitor.location == "/2027/inschrijven/ontvangen"
    assert rows() == [] and letters() == []
    assert db.session.query(Parked).one().details == ABOUT


@pytest.mark.parametrize(
    "extra", [{"status": "confirmed"}, {"capacity": "999"}, {"id": "7"}, {"queue_number": "1"}, {"source": "desk"}]
)
def test_fields_nobody_asked_for_change_nothing(app, visitor, extra):
    edition = make.an_edition(capacity_onsite=1)
    make.a_registration(edition)
    page = visitor.submit("/2027/inschrijven", expect=200, **ABOUT)
    page = visitor.submit(page, expect=200)
    visitor.post("/2027/inschrijven", **{k: v for k, v in page.form().values().items() if k != "csrf_token"}, **extra)
    made = rows()[1]
    assert (made.status, made.source, made.queue_number, made.id) == ("waiting", "web", 1, rows()[0].id + 1)


@pytest.mark.parametrize(
    "name",
    [
        "ʼs-Gravenwezel",
        "D'hondt",
        "Đặng",
        "José",
        "O’Brien-De Smedt",
        "X",
        "👩‍👩‍👧",
        "אברהם",
        "a" * 100,
        "[klik](https://evil.example)",
        "<b>x</b>",
    ],
)
def test_names_are_kept_as_typed(app, visitor, letters, name):
    make.an_edition()
    register(visitor, last_name=name)
    page = visitor.follow()
    assert rows()[0].last_name == name
    assert name in page
    assert f"Dag Ada {name}," in letters()[0].text.replace("\n", " ")
    assert 'href="https://evil' not in letters()[0].html


@pytest.mark.parametrize("name", ["   ", "\u200b\u200d", "\u202e", "a" * 101])
def test_names_that_show_nothing_or_never_end_are_refused(app, visitor, name):
    make.an_edition()
    page = visitor.post("/2027/inschrijven", expect=422, **(ABOUT | {"first_name": name}))
    assert "first_name" in page.errors


@pytest.mark.parametrize(
    "email",
    [
        "a@@b.be",
        "a,b@x.be",
        "ada@example",
        "a b@x.be",
        "ada@x.be\nBcc: sam@x.be",
        "=?utf-8?q?x?=@",
        "x" * 250 + "@x.be",
    ],
)
def test_addresses_that_cannot_be_are_refused_with_what_to_do(app, visitor, email):
    make.an_edition()
    page = visitor.post("/2027/inschrijven", expect=422, **(ABOUT | {"email": email}))
    assert "email" in page.errors
    assert rows() == []


@pytest.mark.parametrize(
    ("facts", "heading"),
    [
        ({"status": "announced"}, "Inschrijven kan nog niet"),
        ({"registration_opens_at": datetime(2026, 7, 1, 8, 0, tzinfo=UTC)}, "Inschrijven kan nog niet"),
        ({"status": "closed"}, "Inschrijven kan niet meer"),
        ({"registration_closes_at": datetime(2026, 6, 1, 8, 0, tzinfo=UTC)}, "Inschrijven kan niet meer"),
        ({"status": "cancelled"}, "Deze dag gaat niet door"),
        ({"status": "postponed"}, "Deze dag is uitgesteld"),
        ({"starts_on": datetime(2026, 3, 1).date()}, "Deze dag is voorbij"),
        (
            {"registration_mode": "external", "registration_url": "https://forms.example.org/x"},
            "Inschrijven gebeurt op een andere site",
        ),
        ({"registration_mode": "none"}, "Je hoeft je niet in te schrijven"),
        ({"capacity_onsite": 0, "capacity_online": 0, "has_waiting_list": False}, "Volzet"),
    ],
)
def test_a_closed_door_says_why_and_what_now(app, visitor, facts, heading):
    make.an_edition(**facts)
    page = visitor.get("/2027/inschrijven")
    assert page.heading == heading
    assert page.forms == []


def test_what_was_typed_is_kept_when_the_window_closes_meanwhile(app, visitor, time_stands_still):
    make.an_edition(registration_closes_at=datetime(2026, 6, 16, 10, 5, tzinfo=UTC))
    page = visitor.submit("/2027/inschrijven", expect=200, **ABOUT)
    page = visitor.submit(page, expect=200)
    time_stands_still.move_to(datetime(2026, 6, 16, 10, 6, tzinfo=UTC))
    page = visitor.submit(page, expect=422)
    assert page.errors[""] == "Inschrijven kan nu niet. Bel of mail ons, dan zoeken we samen een oplossing."
    assert page.form().values()["first_name"] == ["Ada"]
    assert rows() == []


def test_a_full_way_without_a_list_brings_back_to_the_choice(app, visitor):
    edition = make.an_edition(capacity_onsite=1, has_waiting_list=False)
    make.a_registration(edition)
    page = visitor.submit("/2027/inschrijven", expect=200, **ABOUT)
    page = visitor.submit(page, expect=200)
    page = visitor.submit(page, expect=422)
    assert page.heading == "Over jou"
    assert page.errors["attendance"] == "Alle plaatsen op locatie zijn ingenomen en er is geen wachtlijst."


def test_a_draft_edition_is_not_there(app, visitor):
    make.an_edition(status="draft")
    for path in (
        "/2027/inschrijven",
        "/2027/inschrijven/team",
        "/2027/inschrijven/mijn-link",
        "/2027/inschrijven/ontvangen",
    ):
        visitor.get(path, expect=404)


def test_without_a_token_nothing_happens(app, client):
    make.an_edition()
    assert client.post("/2027/inschrijven", data=ABOUT | {"step": "3"}).status_code == 400
    assert rows() == []


def test_a_team_in_one_go(app, visitor, letters):
    make.an_edition(capacity_onsite=3)
    page = visitor.submit("/2027/inschrijven/team", expect=200, button="Nog iemand toevoegen", contact_name="Olga")
    assert page.form().values()["contact_name"] == ["Olga"] and "people-5-first_name" in page.form().names
    page = visitor.submit(
        page,
        expect=422,
        contact_email="olga@example.org",
        attendance="onsite",
        group="field",
        **{"people-0-last_name": "Zonder", "people-1-email": "x"},
    )
    assert page.errors["people-0-first_name"] == "Vul de voornaam in"
    visitor.submit(
        page, **{"people-0-first_name": "Ada", "people-1-first_name": "Sam", "people-1-email": "sam@example.org"}
    )
    assert visitor.location == "/2027/inschrijven/ontvangen"
    assert [(one.name, one.status, one.email) for one in rows()] == [
        ("Ada Zonder", "confirmed", None),
        ("Sam", "confirmed", "sam@example.org"),
    ]
    visitor.submit(
        page, **{"people-0-first_name": "Ada", "people-1-first_name": "Sam", "people-1-email": "sam@example.org"}
    )
    assert len(rows()) == 2


def test_a_team_that_does_not_fit_reads_how_many_do(app, visitor):
    make.an_edition(capacity_onsite=1)
    who = {"contact_name": "Olga", "contact_email": "olga@example.org", "attendance": "onsite", "group": "field"}
    both = {"people-0-first_name": "Ada", "people-1-first_name": "Sam"}
    page = visitor.submit("/2027/inschrijven/team", expect=422, **who, **both)
    assert (
        page.errors["fit"]
        == "Er is nog 1 plaats en jullie zijn met 2. Kies “zoveel als er plaats is”, of maak je team kleiner."
    )
    visitor.submit(page, fit="as_many")
    assert [one.status for one in rows()] == ["confirmed", "waiting"]


def test_who_lost_the_link_reads_the_same_whatever_the_address(app, visitor, letters):
    edition = make.an_edition()
    make.a_registration(edition, email="ada@example.org")
    pages = []
    for email in ("Ada@example.org", "sam@example.org"):
        visitor.submit("/2027/inschrijven/mijn-link", email=email)
        pages.append((visitor.location, visitor.follow().everything))
    assert pages[0] == pages[1]
    assert "Is dit adres ingeschreven, dan sturen we er een mail naartoe" in pages[0][1]
    assert [(one.kind, one.to_email) for one in letters()] == [("my_link", "ada@example.org")]
    assert len(rows()) == 1
