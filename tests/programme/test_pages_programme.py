"""The programme as visitors read it: list, filters, several days, and the answer that is kept."""

from datetime import UTC, date, datetime

import pytest

from tests import factories as make
from tests.programme.counting import statements


@pytest.fixture
def edition(app):
    return make.an_edition()


def a_full_day(edition):
    hall, loft = make.a_room("Hall", capacity=180), make.a_room("Loft", capacity=24)
    chat, apps = make.a_track("Chat"), make.a_track("Apps", colour=4)
    keynote = make.a_format("Keynote", is_plenary=True)
    talk, pause = make.a_format("Lezing"), make.a_format("Pauze", is_break=True, is_plenary=True)
    sam = make.a_speaker("Sam Spreker")
    make.a_session("Een huis met open deuren", at="09:30", room=hall, speakers=[sam], format_id=keynote.id)
    make.a_session("Koffie", at="10:30", minutes=30, format_id=pause.id)
    make.a_session("Chat in de jeugdhulp", at="11:00", room=hall, track_id=chat.id, format_id=talk.id)
    make.a_session("Apps in de thuiszorg", at="11:00", room=loft, track_id=apps.id, format_id=talk.id, is_online=True)
    make.a_release(edition)


def test_the_list_tells_the_day_from_morning_to_evening(edition, visitor):
    a_full_day(edition)

    page = visitor.get("/2027/programma")

    assert page.heading == "Programma"
    assert "donderdag 24 september 2026 in Gent. Versie 1, bijgewerkt op 16 juni 2026." in page
    assert "3 sessies" in page
    assert "10.30 – 11.00 Koffie" in page
    assert "11.00 – 12.00 2 sessies tegelijk" in page
    places = [
        page.text.index(words)
        for words in ("Een huis met open deuren", "Koffie", "Chat in de jeugdhulp", "Apps in de thuiszorg")
    ]
    assert places == sorted(places)


def test_the_list_speaks_english_and_marks_what_is_dutch(edition, visitor):
    a_full_day(edition)

    page = visitor.get("/en/2027/programma")

    assert page.heading == "Programme"
    assert "Thursday 24 September 2026" in page
    assert "11:00 – 12:00 2 sessions at the same time" in page
    assert page.tree.xpath("//a[text()='Chat in de jeugdhulp']/@lang") == ["nl"]
    assert page.links["Chat in de jeugdhulp"].startswith("/en/2027/programma/chat-in-de-jeugdhulp-")


def test_a_session_without_time_stands_at_the_end(edition, visitor):
    make.a_session("Laat", at="16:00")
    make.a_session("Ooit", at=None)
    make.a_release(edition)

    page = visitor.get("/2027/programma")

    assert "Tijdstip niet bekend" in page
    assert page.text.index("Laat") < page.text.index("Tijdstip niet bekend") < page.text.index("Ooit")


def test_filters_narrow_the_list_and_can_be_taken_away(edition, visitor):
    a_full_day(edition)

    page = visitor.submit("/2027/programma", form="Zoek", track="apps", attendance="online")

    assert "1 sessie" in page
    assert "Apps in de thuiszorg" in page
    assert "Chat in de jeugdhulp" not in page
    assert "Koffie" not in page
    assert page.links["Apps haal deze filter weg×"] == "/2027/programma?attendance=online"
    assert page.links["Rooster"] == "/2027/programma/rooster?track=apps&attendance=online"
    assert page.tree.xpath("//*[@role='status']")[0].text_content() == "1 sessie"


def test_a_search_finds_names_without_diacritics(edition, visitor):
    jose = make.a_speaker("José Đặng")
    make.a_session("Bellen", speakers=[jose])
    make.a_session("Mailen", at="11:00")
    make.a_release(edition)

    page = visitor.get("/2027/programma?q=jose+dang")

    assert "Bellen" in page
    assert "Mailen" not in page
    assert page.links["“jose dang” haal deze filter weg×"] == "/2027/programma"


def test_a_choice_without_sessions_says_what_to_do(edition, visitor):
    a_full_day(edition)

    page = visitor.get("/2027/programma?q=fietsen&track=apps")

    assert "0 sessies" in page
    assert "Geen sessie past bij al je keuzes" in page
    assert page.links["Toon het hele programma"] == "/2027/programma"


@pytest.mark.parametrize(
    "query",
    [
        "q=%09",
        "track=%20",
        "q=%C3%A9%CC%81",
        "track[]=a&track=b",
        "q=" + "a" * 3000,
        "day=2026-99-99",
        "q=%F0%9F%98%80",
    ],
)
def test_odd_questions_get_an_ordinary_answer(edition, visitor, query):
    a_full_day(edition)

    assert visitor.get(f"/2027/programma?{query}").heading == "Programma"
    assert visitor.get(f"/2027/programma/rooster?{query}").heading == "Programma"


def test_a_programme_without_sessions_says_so(edition, visitor):
    make.a_release(edition)

    assert "De sessies zijn nog niet bekend" in visitor.get("/2027/programma")
    assert "De sessies zijn nog niet bekend" in visitor.get("/2027/programma/rooster")


def test_without_a_release_there_is_no_programme(edition, visitor):
    make.a_session("Nog geheim")

    assert "Nog geheim" not in visitor.get("/2027")
    visitor.get("/2027/programma", expect=404)
    visitor.get("/2027/programma/rooster", expect=404)
    visitor.get("/2027/sprekers", expect=404)


def test_an_edition_that_does_not_exist_is_not_there(app, visitor):
    visitor.get("/2031/programma", expect=404)


def test_two_days_have_their_own_headings_and_a_night_stands_on_both(app, visitor):
    edition = make.an_edition(starts_on=date(2026, 9, 24), ends_on=date(2026, 9, 25))
    make.a_session("Nachtwacht", at="23:00", minutes=150)
    morning = datetime(2026, 9, 25, 7, 0, tzinfo=UTC)
    make.a_session("Ontbijt", starts_at=morning, ends_at=morning.replace(hour=8))
    make.a_release(edition)

    page = visitor.get("/2027/programma")

    assert "donderdag 24 september 2026 23.00 – 1.30 (+1)" in page
    assert "vrijdag 25 september 2026 23.00 – 1.30 (+1) Nachtwacht begon de dag ervoor 9.00 – 10.00" in page
    assert "Ontbijt" not in visitor.get("/2027/programma?day=2026-09-24")


def test_hostile_titles_are_only_words(edition, visitor):
    track = make.a_track("</script><img src=x onerror=alert(1)>", slug="chat")
    sam = make.a_speaker("<b>Sam</b> & “Co”")
    make.a_session('"><script>alert(1)</script>', speakers=[sam], track_id=track.id)
    make.a_session("${7*7} <%= 7*7 %>" + "W" * 150, at="11:00", abstract="</script>")
    make.a_release(edition)
    page = visitor.get("/2027/programma")

    for path in ("/2027", "/2027/programma", "/2027/programma/rooster", "/2027/sprekers", *set(_sessions(page))):
        body = visitor.get(path).body.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "<b>Sam" not in body


def _sessions(page):
    return [link.get("href") for link in page.tree.iter("a") if "card-title" in (link.getparent().get("class") or "")]


def test_a_kept_page_costs_one_statement_and_an_unchanged_one_no_body(edition, client):
    a_full_day(edition)
    for path in (
        "/2027",
        "/2027/programma",
        "/2027/programma/rooster",
        "/2027/sprekers",
        "/2027/programma/versie/1",
        "/en/2027/programma",
    ):
        first = client.get(path)
        with statements() as sent:
            again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
            full = client.get(path)
        assert (again.status_code, again.data) == (304, b"")
        assert full.data == first.data
        assert len(sent) == 2, sent
        assert "Set-Cookie" not in full.headers
        assert full.headers["Cache-Control"] == "public, no-cache"


def test_a_new_release_makes_another_page(edition, client):
    a_full_day(edition)
    first = client.get("/2027/programma")
    make.a_session("Nieuw", at="15:00")
    unreleased = client.get("/2027/programma")
    make.a_release(edition)

    released = client.get("/2027/programma", headers={"If-None-Match": first.headers["ETag"]})

    assert unreleased.data == first.data
    assert released.status_code == 200
    assert "Nieuw" in released.text


def test_the_list_costs_as_much_for_one_session_as_for_thirty(edition, client):
    client.get("/2027")
    make.a_session("Een")
    make.a_release(edition)
    client.get("/2027/programma")
    make.a_release(edition)
    with statements() as one:
        client.get("/2027/programma")
    for number in range(29):
        make.a_session(f"Sessie {number}", at="11:00", speakers=[make.a_speaker(f"Spreker {number}")])
    make.a_release(edition)
    with statements() as thirty:
        client.get("/2027/programma")

    assert len(one) == len(thirty)
