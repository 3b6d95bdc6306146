"""What waits for an organiser, how many come, and whether mail goes out."""

from datetime import UTC, datetime, timedelta

import pytest

from blender_event.core.database import db
from blender_event.mail import outbox
from blender_event.registrations.models import Parked
from tests import factories as make
from tests.visitor import signed_in

NOW = datetime(2026, 6, 16, 10, 0, tzinfo=UTC)


@pytest.fixture
def edition(app):
    return make.an_edition("2027", capacity_onsite=2, capacity_online=None)


def a_letter(edition, status="queued", **facts):
    letter = outbox.put(
        kind="test",
        to_email="sam@example.org",
        to_name="Sam",
        language="nl",
        edition=edition,
        facts={"title": "Blender"},
    )
    letter.status = status
    for name, value in facts.items():
        setattr(letter, name, value)
    db.session.commit()
    return letter


def tasks(page):
    """(number, title, text, button) of each thing that waits."""
    rows = page.tree.xpath("//ol[contains(@class, 'tasks')]/li")
    return [[" ".join(part.text_content().split()) for part in row.xpath("./b|.//p|./a")] for row in rows]


def tiles(page):
    return [" ".join(" ".join(tile.itertext()).split()) for tile in page.tree.xpath("//*[@class='tile']")]


def test_a_new_edition_waits_for_nothing(organiser, edition):
    page = organiser.get("/beheer/2027")

    assert page.heading == "Wat wacht op jou"
    assert tasks(page) == []
    assert "Er wacht niets op jou." in page
    assert "Nog 100 dagen tot donderdag 24 september 2026" in page
    assert "Nog niemand schreef zich in." in page
    assert tiles(page) == [
        "0 op locatie, van 2 Bekijk wie komt",
        "0 online Bekijk wie volgt",
        "0 op de wachtlijst Bekijk de wachtlijst",
        "0 vroegen iets om mee te kunnen doen Bekijk de behoeften",
    ]


def test_everything_that_waits_stands_there_in_order(organiser, edition):
    for name in ("Ann", "Bea", "Cas"):
        make.a_registration(edition, first_name=name, verified_at=NOW if name != "Cas" else None)
    for name in ("Paul Otlet", "Jozef Guislain"):
        make.a_speaker(name, edition, status="invited")
    db.session.add(Parked(edition_id=edition.id, details={}, parked_at=NOW))
    a_letter(edition, "failed", reason="Adres bestaat niet")
    a_letter(edition, "stuck")
    a_letter(edition, "held")

    page = organiser.get("/beheer/2027")

    titles = [(row[0], row[1]) for row in tasks(page)]
    assert ("1", "mail wordt tegengehouden") in titles
    assert ("2", "mails kwamen niet aan") in titles
    assert ("1", "persoon meer dan er plaatsen zijn") in titles
    assert ("2", "sprekers bevestigden nog niet") in titles
    assert "Jozef Guislain, Paul Otlet" in page
    filled = [
        link for link in page.tree.xpath("//ol[contains(@class, 'tasks')]/li/a") if "second" not in link.get("class")
    ]
    assert len(filled) == 1


def test_changes_that_are_not_online_wait(organiser, edition):
    make.a_session("Chat in de jeugdhulp", edition=edition)
    edition.draft_changed_at = NOW
    db.session.commit()

    assert tasks(organiser.get("/beheer/2027"))[0] == [
        "1",
        "wijziging staat nog niet online",
        "Bezoekers zien nog geen programma.",
        "Kijk na en publiceer",
    ]


def test_figures_are_of_this_edition_only(organiser, edition):
    other = make.an_edition("2028")
    for number in range(3):
        make.a_registration(other, first_name=f"Elders{number}")
    a_letter(other, "failed")
    make.a_registration(edition, first_name="Hier", verified_at=NOW)
    make.a_registration(edition, first_name="Online", attendance="online", verified_at=NOW, needs="glutenvrij")
    make.a_registration(edition, first_name="Wacht", status="waiting", verified_at=NOW)
    make.a_registration(edition, first_name="Weg", status="cancelled")

    page = organiser.get("/beheer/2027")

    assert [tile.split(" ")[0] for tile in tiles(page)] == ["1", "1", "1", "1"]
    assert tasks(page) == []
    assert page.rows(1) == [["Groep", "", "Aantal"], ["Werkveld", "", "2"]]


def test_weeks_are_counted_from_monday_and_none_is_skipped(organiser, edition):
    days = [
        (1, "onsite"),
        (7, "online"),
        (8, "onsite"),
        (15, "onsite"),
    ]  # June 2026: Monday the 1st, Sunday the 7th, two Mondays
    for day, attendance in days:
        moment = datetime(2026, 6, day, 12, 0, tzinfo=UTC) - timedelta(weeks=3 if day < 8 else 0)
        make.a_registration(edition, first_name=f"Dag{day}", attendance=attendance, created_at=moment, verified_at=NOW)

    rows = organiser.get("/beheer/2027").rows(0)

    assert rows == [
        ["Week", "20", "21", "22", "23", "24", "25"],
        ["Op locatie", "1", "0", "0", "0", "1", "1"],
        ["Online", "1", "0", "0", "0", "0", "0"],
    ]


def test_needs_are_no_link_for_who_may_not_see_them(app, edition):
    olga = signed_in(app, make.an_organiser("Olga", edition))
    make.a_registration(edition, needs="glutenvrij", verified_at=NOW)
    page = olga.get("/beheer/2027")

    assert "Bekijk de behoeften" not in page.links
    assert "glutenvrij" not in page


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "De mails vertrekken."),
        ({"due_at": NOW - timedelta(minutes=11)}, "Er vertrekt geen mail."),
        ({"due_at": NOW - timedelta(minutes=9)}, "De mails vertrekken."),
        (
            {"due_at": NOW - timedelta(minutes=2), "unreached": True},
            "De mailserver antwoordt niet. We blijven proberen.",
        ),
        ({"status": "held"}, "Er worden mails tegengehouden tot een organisator ze vrijgeeft."),
        ({"status": "sent", "sent_at": NOW}, "De mails vertrekken."),
    ],
)
def test_the_light_says_whether_mail_goes_out(organiser, edition, facts, words):
    a_letter(edition, **facts)

    assert words in organiser.get("/beheer/2027")


def test_a_chief_chooses_an_edition_and_may_make_one(organiser, edition):
    make.an_edition("2020", starts_on=datetime(2020, 3, 5).date(), ends_on=datetime(2020, 3, 5).date())
    page = organiser.get("/beheer")

    assert page.heading == "Edities"
    assert page.links["Blender 2027"] == "/beheer/2027"
    assert page.text.index("Blender 2027") < page.text.index("Blender 2020")


def test_an_organiser_of_one_edition_goes_straight_there(app, edition):
    olga = signed_in(app, make.an_organiser("Olga", edition))
    make.an_edition("2028")
    olga.get("/beheer", expect=302)

    assert olga.location == "/beheer/2027"


def test_the_menu_shows_where_one_is_and_what_is_there(organiser, edition):
    make.a_registration(edition)
    page = organiser.get("/beheer/2027/mails")
    (current,) = {
        " ".join(link.text_content().split()) for link in page.tree.xpath("//header//nav//a[@aria-current='page']")
    }

    assert current == "Mails"
    assert page.links["Overzicht"] == "/beheer/2027"
    assert page.links["Mensen met toegang"] == "/beheer/2027/toegang"


def test_who_helps_at_the_desk_goes_straight_to_the_list(app, edition):
    grace = signed_in(app, make.a_person("Grace", role="desk", edition=edition))
    make.an_edition("2028")
    grace.get("/beheer", expect=302)

    assert grace.location == "/beheer/2027/onthaal"
    assert "Overzicht" not in grace.follow().links
