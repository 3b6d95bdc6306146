"""A session and a speaker on their own pages."""

import json

import pytest

from blender_event.core.database import db
from blender_event.programme.models import Redaction
from tests import factories as make


@pytest.fixture
def edition(app):
    return make.an_edition()


def at(session):
    return f"/2027/programma/{session.slug}"


def test_a_session_says_when_where_how_and_by_whom(edition, visitor):
    room = make.a_room("Atelier", floor="eerste verdieping", access_note="Lift naast het onthaal.")
    sam = make.a_speaker("Sam Spreker", role="docent", organisation="Hogeschool Gent", unit="Sociaal werk")
    session = make.a_session(
        "Wie mag er mee? E-inclusie in drie vragen",
        room=room,
        speakers=[sam],
        track_id=make.a_track("Toegankelijk").id,
        format_id=make.a_format("Workshop").id,
        level="starter",
        capacity=24,
        description="**Drie** vragen",
        description_html="<p><strong>Drie</strong> vragen</p><h2>En dan</h2>",
        takeaways=["een checklist"],
        audience="Iedereen",
        bring="Een voorbeeld",
        accessibility="Er is een lift.",
        partners=["CAW"],
    )
    make.a_release(edition)

    page = visitor.get(at(session))

    assert page.heading == "Wie mag er mee? E-inclusie in drie vragen"
    assert "met Sam Spreker" in page
    assert "Wanneer 10.00 tot 11.00 uur donderdag 24 september 2026" in page
    assert "Zaal Atelier, eerste verdieping Lift naast het onthaal." in page
    assert "Vorm Workshop, op locatie Niveau voor starters Taal Nederlands Plaatsen 24 plaatsen" in page
    for words in (
        "Drie vragen",
        "een checklist",
        "Een voorbeeld",
        "Er is een lift.",
        "Samen met CAW",
        "docent, Hogeschool Gent, Sociaal werk",
    ):
        assert words in page
    assert page.links["Zet in je agenda"] == f"{at(session)}.ics"
    assert page.title == "Wie mag er mee? E-inclusie in drie vragen · Blender 2027, netwerkdag"


def test_what_is_not_known_is_said_to_be_unknown(edition, visitor):
    session = make.a_session("Ooit", at=None, is_onsite=False)
    make.a_release(edition)

    page = visitor.get(at(session))

    assert "Wanneer nog niet bekend Zaal nog niet bekend Taal Nederlands" in page
    assert "Een beschrijving is nog niet bekend." in page
    assert "Zet in je agenda" not in page


def test_parallel_sessions_are_told_in_words_and_breaks_are_passed_over(edition, visitor):
    pause = make.a_format("Pauze", is_break=True, is_plenary=True)
    first = make.a_session("Eerst", at="09:00")
    make.a_session("Koffie", at="10:00", minutes=30, format_id=pause.id)
    middle = make.a_session("Midden", at="10:30")
    beside = make.a_session("Naast", at="11:00")
    make.a_release(edition)

    page = visitor.get(at(middle))

    assert "1 andere sessie tegelijk Naast" in page
    assert page.links["Vorige: Eerst, 9.00 uur"] == at(first)
    assert page.links["Volgende: Naast, 11.00 uur"] == at(beside)
    assert "Vorige" not in visitor.get(at(first))
    assert "Volgende" not in visitor.get(at(beside))


def test_rounds_are_counted_where_there_is_something_to_choose(edition, visitor):
    make.a_session("Keynote", at="09:00")
    make.a_session("Een", at="10:00")
    two = make.a_session("Twee", at="10:00")
    make.a_release(edition)

    assert "Ronde 1, 10.00 uur" in visitor.get(at(two))


def test_a_cancelled_session_stays_and_says_so(edition, visitor):
    session = make.a_session("Chat", status="cancelled")
    make.a_release(edition)

    page = visitor.get(at(session))

    assert "Deze sessie gaat niet door." in page
    assert page.tree.xpath("//h1/s/text()") == ["Chat"]
    assert (
        json.loads(page.tree.xpath("//script[@type='application/ld+json']/text()")[0])["eventStatus"]
        == "https://schema.org/EventCancelled"
    )


def test_a_session_over_midnight_says_the_next_day(edition, visitor):
    session = make.a_session("Nachtwacht", at="23:00", minutes=120)
    make.a_release(edition)

    assert "23.00 tot 1.00 uur (+1)" in visitor.get(at(session))


def test_an_old_title_in_the_address_leads_to_the_new_one(edition, visitor):
    session = make.a_session("Oude titel")
    make.a_release(edition)
    old = at(session)
    session.title = "Nieuwe titel"
    db.session.commit()
    make.a_release(edition)

    visitor.get(old, expect=301)
    assert visitor.location == f"/2027/programma/nieuwe-titel-{session.code}"
    visitor.get("/en" + old, expect=301)
    assert visitor.location == f"/en/2027/programma/nieuwe-titel-{session.code}"
    visitor.get(f"/2027/programma/{session.code}", expect=301)


@pytest.mark.parametrize("slug", ["bestaat-niet", "x", "a" * 300, "-", "%20", "versie-2"])
def test_a_session_that_does_not_exist_is_not_there(edition, visitor, slug):
    make.a_session("Chat")
    make.a_release(edition)

    visitor.get(f"/2027/programma/{slug}", expect=404)


def test_a_session_of_another_edition_is_not_here(edition, visitor):
    other = make.an_edition("2028")
    session = make.a_session("Elders", edition=other)
    make.a_session("Hier", edition=edition)
    make.a_release(edition)
    make.a_release(other)

    visitor.get(f"/2027/programma/{session.slug}", expect=404)
    visitor.get(f"/2028/programma/{session.slug}")


def test_search_engines_get_the_facts_of_a_session(edition, visitor):
    sam = make.a_speaker("Sam </script> Spreker")
    session = make.a_session(
        "Chat",
        room=make.a_room("Hall"),
        speakers=[sam],
        abstract="Kort </script>",
        is_online=True,
        join_url="https://geheim.example.org/x",
    )
    make.a_release(edition)

    page = visitor.get(at(session))
    facts = json.loads(page.tree.xpath("//script[@type='application/ld+json']/text()")[0])

    assert facts["name"] == "Chat"
    assert facts["startDate"] == "2026-09-24T08:00:00+00:00"
    assert facts["location"]["name"] == "Hall, Het Voorbeeld"
    assert facts["performer"] == [{"@type": "Person", "name": "Sam </script> Spreker"}]
    assert facts["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert facts["superEvent"]["url"] == "https://blender.example.org/2027"
    assert "geheim" not in page.body.decode()
    assert page.tree.xpath("//meta[@property='og:title']/@content") == ["Chat"]
    assert page.tree.xpath("//link[@rel='canonical']/@href") == [f"https://blender.example.org{at(session)}"]


def test_a_speaker_has_a_page_with_their_sessions(edition, visitor):
    sam = make.a_speaker("Sam Spreker", role="docent", organisation="CAW", biography_html="<p>Over Sam</p>")
    make.a_session("Chat", speakers=[sam])
    make.a_session("Niet van Sam", at="11:00")
    make.a_release(edition)

    listed = visitor.get("/2027/sprekers")
    page = visitor.get(f"/2027/sprekers/{sam.slug}")

    assert listed.links["Sam Spreker"] == f"/2027/sprekers/{sam.slug}"
    assert "1 persoon" in listed
    assert page.heading == "Sam Spreker"
    assert "docent, CAW" in page
    assert "Over Sam" in page
    assert "Chat" in page
    assert "Niet van Sam" not in page
    assert page.links["Agenda van Sam Spreker"] == f"/2027/sprekers/{sam.slug}.ics"
    visitor.get(f"/2027/sprekers/anders-{sam.code}", expect=301)
    visitor.get("/2027/sprekers/niemand", expect=404)


def test_somebody_who_may_not_be_shown_is_nowhere(edition, visitor):
    sam = make.a_speaker("Sam Spreker")
    session = make.a_session("Chat", speakers=[sam])
    make.a_release(edition)
    paths = (
        "/2027",
        "/2027/programma",
        "/2027/programma/rooster",
        "/2027/sprekers",
        "/2027/programma/versie/1",
        at(session),
    )
    assert all("Sam Spreker" in visitor.get(path).body.decode() for path in paths)

    edition.shown_changed()
    db.session.add(Redaction(edition_id=edition.id, speaker_uid=sam.uid, made_at=edition.created_at))
    db.session.commit()

    assert not any("Sam Spreker" in visitor.get(path).body.decode() for path in paths)
    visitor.get(f"/2027/sprekers/{sam.slug}", expect=404)
