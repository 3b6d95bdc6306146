"""The edition page: what is known, what can be done now, and what is said to be unknown."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from blender_event.core.database import db
from tests import factories as make


def test_an_open_edition_shows_its_day_its_places_and_the_way_in(app, visitor):
    edition = make.an_edition(
        title="Zesde netwerkdag, 2027",
        motto="Dichtbij, ook op afstand",
        price_note="Gratis, met soep.",
        route_html="<h2>Met de trein</h2><p>Stap uit.</p>",
        accessibility_html="<p>Er is een lift.</p>",
        intro_html="<p>Voor iedereen.</p>",
        online_note="Alles uit de Grote zaal",
        audiences=["onderzoekers"],
        organisers=["Onlinehulp Vlaanderen"],
    )
    make.a_registration(edition)

    page = visitor.get("/2027")

    assert page.heading == "Dichtbij, ook op afstand"
    assert page.title == "Dichtbij, ook op afstand · Zesde netwerkdag, 2027"
    assert "donderdag 24 september 2026, 9.00 tot 17.00 uur" in page
    assert "Het Voorbeeld, Gent." in page
    assert page.links["Zo kom je er"] == "#route"
    assert "Gratis, met soep. Inschrijven kan tot 20 september." in page
    assert "Op locatie Nog 99 van 100 plaatsen. Daarna een wachtlijst." in page
    assert "Online Alles uit de Grote zaal" in page
    assert page.links["Schrijf je in"] == "/2027/inschrijven"
    for words in (
        "Voor iedereen.",
        "Er is een lift.",
        "onderzoekers",
        "Onlinehulp Vlaanderen",
        "Het programma is nog niet bekend.",
    ):
        assert words in page


def test_an_edition_of_which_little_is_known_invents_nothing(app, visitor):
    make.an_edition(
        "2023",
        ordinal=2,
        status="closed",
        starts_on=date(2023, 3, 23),
        starts_time=None,
        ends_time=None,
        venue_name="",
        street="",
        postcode="",
        city="",
        registration_mode="none",
        contact_email="",
        contact_phone="",
        source_label="De bron",
        source_url="https://example.org/bron",
    )

    page = visitor.get("/2023")

    assert page.heading == "Blender 2023"
    assert page.title == "Blender 2023, netwerkdag · Tweede netwerkdag"
    assert "donderdag 23 maart 2023, de uren zijn nog niet bekend" in page
    assert "De plaats is nog niet bekend." in page
    assert "Deze editie is voorbij." in page
    assert "Hoe toegankelijk de plaats is, is nog niet bekend." in page
    assert page.links["De bron"] == "https://example.org/bron"
    assert "Schrijf je in" not in page
    assert "plaatsen" not in page
    facts = json.loads(page.tree.xpath("//script[@type='application/ld+json']/text()")[0])
    assert facts == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Blender 2023, netwerkdag",
        "url": "https://blender.example.org/2023",
        "startDate": "2023-03-23",
        "endDate": "2023-03-23",
        "eventStatus": "https://schema.org/EventScheduled",
        "organizer": {"@type": "Organization", "name": "Blender"},
        "inLanguage": "nl",
    }


def test_a_meeting_without_sessions_shows_its_speakers(app, visitor):
    edition = make.an_edition(
        "han-2024",
        title="Inspiratiebijeenkomst",
        kind="meeting",
        starts_on=date(2024, 2, 6),
        registration_mode="external",
    )
    make.a_speaker("Sam Spreker", role="jongerenwerker", organisation="Bindkracht10")
    make.a_release(edition)

    page = visitor.get("/han-2024")

    assert "Sam Spreker jongerenwerker, Bindkracht10" in page
    assert page.title == "Inspiratiebijeenkomst · Blender"
    assert "bijeenkomst 2024" in page.everything
    assert "Programma" not in page.links
    assert page.links["Sprekers"] == "/han-2024/sprekers"


PHASES = [
    (
        {"status": "announced", "registration_opens_at": datetime(2026, 7, 1, 8, tzinfo=UTC)},
        "Inschrijven kan vanaf 1 juli 2026.",
        "Nog niet open",
    ),
    (
        {"registration_opens_at": datetime(2026, 6, 16, 10, 0, 1, tzinfo=UTC)},
        "Inschrijven kan vanaf 16 juni 2026.",
        "Nog niet open",
    ),
    (
        {"status": "announced", "registration_opens_at": None},
        "Inschrijven kan nog niet. Vanaf wanneer is nog niet bekend.",
        "Nog niet open",
    ),
    ({"registration_closes_at": None}, "Inschrijven kan nu.", "Schrijf je in"),
    ({"status": "closed"}, "Inschrijven kan niet meer.", "Gesloten"),
    ({"registration_closes_at": datetime(2026, 6, 16, 10, tzinfo=UTC)}, "Inschrijven kan niet meer.", "Gesloten"),
    ({"registration_mode": "none"}, "Hoe je inschrijft, is nog niet bekend.", ""),
    (
        {"registration_mode": "external", "registration_url": "https://example.org/form"},
        "Inschrijven doe je op een andere site.",
        "Schrijf je in",
    ),
    (
        {"status": "cancelled", "status_note": "De zaal staat onder water."},
        "De zaal staat onder water.",
        "Gaat niet door",
    ),
    ({"status": "postponed"}, "Deze editie is uitgesteld.", "Uitgesteld"),
    ({"starts_on": date(2026, 6, 15)}, "Deze editie is voorbij.", ""),
]


@pytest.mark.parametrize(("facts", "sentence", "leaf"), PHASES)
def test_the_page_says_where_registering_stands(app, visitor, facts, sentence, leaf):
    make.an_edition(**facts)

    page = visitor.get("/2027")

    assert sentence in page
    assert "".join(page.tree.xpath("//*[@class='big-leaf']//span/text()")) == leaf


def test_a_page_that_was_kept_opens_when_registering_opens(app, visitor, time_stands_still):
    opens = datetime(2026, 6, 16, 12, tzinfo=UTC)
    make.an_edition(registration_opens_at=opens)
    assert "Schrijf je in" not in visitor.get("/2027").links

    time_stands_still.move_to(opens)

    assert visitor.get("/2027").links["Schrijf je in"] == "/2027/inschrijven"


def test_a_full_edition_leads_to_the_waiting_list_or_nowhere(app, visitor):
    edition = make.an_edition(capacity_onsite=1, offers_online=False)
    make.a_registration(edition)
    make.a_registration(edition, status="waiting")

    page = visitor.get("/2027")
    assert "Volzet, 1 wacht." in page
    assert page.links["Zet me op de wachtlijst"] == "/2027/inschrijven"

    edition.has_waiting_list = False
    edition.shown_changed()
    db.session.commit()
    page = visitor.get("/2027")
    assert "inschrijven" not in " ".join(link for words, link in page.links.items() if words != "Schrijf je in")


def test_places_left_are_at_most_ten_seconds_old(app, visitor, time_stands_still):
    edition = make.an_edition(capacity_onsite=10)
    assert "Nog 10 van 10 plaatsen." in visitor.get("/2027")

    make.a_registration(edition)
    time_stands_still.shift(timedelta(seconds=11))

    assert "Nog 9 van 10 plaatsen." in visitor.get("/2027")


def test_a_banner_about_a_cancelled_day_stands_on_every_page(app, visitor):
    edition = make.an_edition(status="cancelled")
    session = make.a_session("Chat")
    make.a_release(edition)

    for path in (
        "/2027",
        "/2027/programma",
        "/2027/programma/rooster",
        f"/2027/programma/{session.slug}",
        "/2027/sprekers",
    ):
        assert "Deze editie gaat niet door." in visitor.get(path)


def test_the_day_in_short_counts_rounds_and_names_what_stands_alone(app, visitor):
    edition = make.an_edition()
    keynote = make.a_format("Keynote", is_plenary=True)
    make.a_session("Open deuren", at="09:00", format_id=keynote.id, speakers=[make.a_speaker("Jane Addams")])
    make.a_session("Chat", at="10:00", track_id=make.a_track("Blended").id)
    make.a_session("Apps", at="10:00")
    make.a_session("Lunch", at="12:00", format_id=make.a_format("Pauze", is_break=True).id)
    make.a_release(edition)

    page = visitor.get("/2027")

    assert "9.00 Open deuren Keynote met Jane Addams 10.00 Ronde 1: kies uit 2 sessies 12.00 Lunch" in page
    assert page.links["Bekijk het programma"] == "/2027/programma"
    assert page.links["Zet de dag in je agenda"] == "/2027/agenda"
    assert page.links["Blended"] == "/2027/programma?track=blended"


def test_a_long_note_about_online_stands_beside_the_mark(app, visitor):
    note = "Alles wat in de grote zaal gebeurt, met live ondertitels en een tolk die je groot in beeld kunt zetten"
    make.an_edition(online_note=note)

    page = visitor.get("/2027")

    assert f"Online: {note}" in page
    assert "Online Je kunt online meedoen." in page


def test_two_days_say_when_the_first_begins_and_the_last_ends(app, visitor):
    make.an_edition(ends_on=date(2026, 9, 25))

    assert "donderdag 24 september 2026, 9.00 uur, tot en met vrijdag 25 september 2026, 17.00 uur" in visitor.get(
        "/2027"
    )


def test_an_example_says_so_everywhere(app, visitor):
    edition = make.an_edition(is_example=True)
    make.a_session("Chat")
    make.a_release(edition)

    for path in ("/2027", "/2027/programma", "/2027/programma/versie"):
        page = visitor.get(path)
        assert "voorbeeld" in page.title
        assert "Deze editie is verzonnen." in page.everything


def test_the_edition_speaks_english(app, visitor):
    make.an_edition(motto="Dichtbij", intro_html="<p>Voor iedereen.</p>")

    page = visitor.get("/en/2027")

    assert "Thursday 24 September 2026, 9:00 to 17:00" in page
    assert page.links["Register"] == "/en/2027/inschrijven"
    assert page.links["Nederlands"] == "/2027"
    assert page.tree.xpath("//h1/@lang") == ["nl"]


def test_headings_that_organisers_write_fit_under_those_of_the_page(app, visitor):
    make.an_edition(
        intro_html="<p>Kort.</p><h4>Diep</h4><p>a</p><h2>Hoog</h2><h4>Weer diep</h4>",
        route_html="<h4>Trein</h4><h3>Fiets</h3>",
        accessibility_html="<h2>Vooraf</h2>",
    )

    visitor.get("/2027")


def test_a_draft_is_nowhere_for_the_public(app, visitor, organiser):
    edition = make.an_edition(status="draft")
    make.a_session("Geheim")
    make.a_release(edition)

    for path in ("/2027", "/2027/programma", "/2027/programma/rooster", "/2027/sprekers", "/2027/programma/versie/1"):
        organiser.get(path)
        visitor.get(path, expect=404)
