"""The front page, the archive, the standing texts, and what machines ask for."""

import xml.etree.ElementTree as xml
from datetime import UTC, date, datetime

import pytest

from tests import factories as make
from tests.programme.counting import statements


def test_the_front_page_shows_the_coming_edition_and_the_others(visitor):
    make.an_edition("2023", title="Blender 2023", starts_on=date(2023, 3, 23), has_recap=True, public_revision=1)
    make.an_edition("2027", title="Blender 2027", motto="Samen online", city="Gent")
    make.an_edition("2028", title="Blender 2028", starts_on=date(2028, 3, 23))
    make.an_edition("2029", title="Geheim", status="draft", starts_on=date(2026, 7, 1))

    page = visitor.get("/")

    assert page.heading == "Samen online"
    assert "De komende editie" in page
    assert page.links["Schrijf je in"] == "/2027/inschrijven"
    assert page.links["Over deze editie"] == "/2027"
    assert page.links["Lees de terugblik Blender 2023"] == "/2023/terugblik"
    assert page.links["Blender 2028"] == "/2028"
    assert "Geheim" not in page


def test_after_the_day_the_front_page_shows_the_latest_edition(visitor, time_stands_still):
    make.an_edition("2027", title="Blender 2027")
    time_stands_still.move_to(datetime(2027, 1, 5, 12, tzinfo=UTC))

    page = visitor.get("/")

    assert page.heading == "Blender 2027"
    assert "De laatste editie" in page
    assert "Schrijf je in" not in page.links


def test_without_editions_the_front_page_says_what_will_stand_there(visitor):
    assert "Er is nog geen editie" in visitor.get("/")
    assert "There is no edition yet" in visitor.get("/en")


def test_the_archive_keeps_past_from_coming(visitor):
    make.an_edition("2023", title="Blender 2023", starts_on=date(2023, 3, 23))
    make.an_edition("2027", title="Blender 2027", is_example=True)

    page = visitor.get("/archief")

    assert page.text.index("Blender 2023") < page.text.index("Nog te komen") < page.text.index("Blender 2027")
    assert "voorbeeld" in page


@pytest.mark.parametrize("path", ["/toegankelijkheid", "/privacy", "/en/toegankelijkheid", "/en/privacy"])
def test_the_standing_texts_say_how_to_reach_the_organisers(visitor, path):
    make.an_edition(contact_phone="09 111 22 33", contact_email="team@example.org")

    page = visitor.get(path)

    assert page.links["09 111 22 33"] == "tel:091112233"
    assert page.links["team@example.org"] == "mailto:team@example.org"
    assert "{" not in page.text


def test_without_an_edition_the_standing_texts_are_whole_too(visitor):
    page = visitor.get("/privacy")

    assert "Bel het nummer op de pagina van de editie of mail blender@example.org" in page


@pytest.mark.parametrize("path", ["/", "/archief", "/privacy", "/toegankelijkheid", "/sitemap.xml"])
def test_a_kept_page_asks_the_database_one_thing_and_answers_304(client, path):
    make.an_edition(status="announced")
    first = client.get(path)

    with statements() as sent:
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert len(sent) == 1, sent
    assert "Set-Cookie" not in first.headers
    assert "Cookie" not in first.headers.get("Vary", "")


def test_a_new_edition_is_on_the_front_page_at_once(visitor):
    make.an_edition("2027", title="Blender 2027")
    visitor.get("/")
    make.an_edition("2026", title="Blender 2026", starts_on=date(2026, 7, 1))

    assert visitor.get("/").heading == "Blender 2026"


def test_health_is_200_while_app_and_database_answer(client):
    answer = client.get("/gezond")

    assert (answer.status_code, answer.get_json()["status"]) == (200, "ok")
    assert answer.headers["Cache-Control"] == "no-store"


def test_measurements_are_for_the_operator_only(client):
    client.get("/gezond")

    mine = client.get("/metrics")
    through_a_proxy = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"})
    from_elsewhere = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.5"})

    assert "blender_request_seconds_count" in mine.text
    assert "blender_lock_seconds" in mine.text
    assert (through_a_proxy.status_code, from_elsewhere.status_code) == (404, 404)


def test_measurements_count_letters_by_state(client, visitor):
    make.an_organiser(email="olga@example.org")
    visitor.submit("/aanmelden", email="olga@example.org")

    assert 'blender_letters{status="queued"} 1.0' in client.get("/metrics").text


def test_robots_may_read_calendars_and_know_the_map(client):
    text = client.get("/robots.txt").text

    assert "Sitemap: https://blender.example.org/sitemap.xml" in text
    assert "Disallow: /beheer" in text
    assert ".ics" not in text
    assert "/agenda" not in text


def test_the_map_holds_what_is_public_in_both_languages(client):
    make.an_edition("2027")
    make.an_edition("2028", status="draft")
    make.an_edition("voorbeeld", is_example=True)
    session = make.a_session("Chat")
    make.a_release()

    root = xml.fromstring(client.get("/sitemap.xml").data)
    places = {place.text for place in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")}

    base = "https://blender.example.org"
    assert {
        f"{base}/",
        f"{base}/en",
        f"{base}/2027",
        f"{base}/en/2027",
        f"{base}/2027/programma/{session.slug}",
    } <= places | {f"{base}/en"}
    assert not [place for place in places if "2028" in place or "voorbeeld" in place]
    assert all(client.get(place.removeprefix(base)).status_code == 200 for place in places if "terugblik" not in place)


def test_the_old_address_of_the_icon_works(client):
    assert client.get("/favicon.ico").headers["Content-Type"] == "image/png"
