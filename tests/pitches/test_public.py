"""The public pages of pitches: what may be read, by whom it is not said, and what stays inside."""

from datetime import timedelta

import pytest

from blender_event.core import clock
from blender_event.core.database import db
from blender_event.pitches.models import Pitch
from blender_event.programme import release
from tests import factories as make
from tests import ground
from tests.programme.counting import statements

OVERVIEW = "/2027/pitches"


@pytest.fixture
def edition(app):
    return make.an_edition()


@pytest.fixture
def call(edition):
    """An open, blind call whose pitches everybody may read."""
    return make.a_call(edition, title="Bijdragen", pitches_public_at=clock.now())


def address(pitch):
    return f"{OVERVIEW}/{pitch.slug}"


def titles(page):
    return [one.text_content().strip() for one in page.tree.xpath("//h3[@class='card-title']")]


def test_without_a_call_there_is_no_page_and_no_word_of_it_in_the_menu(visitor, edition):
    visitor.get(OVERVIEW, expect=404)

    assert "Pitches" not in visitor.get("/2027").text


def test_a_call_without_a_beginning_is_not_there(visitor, edition):
    make.a_call(edition, opens_at=None, closes_at=None)

    visitor.get(OVERVIEW, expect=404)


@pytest.mark.parametrize(
    ("opens", "closes", "words", "has_button"),
    [
        (timedelta(days=1), timedelta(days=9), "Je kunt indienen vanaf woensdag 17 juni 2026, 12.00 uur.", False),
        (-timedelta(days=1), timedelta(days=9), "Je kunt indienen tot donderdag 25 juni 2026, 12.00 uur.", True),
        (-timedelta(days=1), None, "Je kunt nu indienen. De laatste dag is nog niet bekend.", True),
        (-timedelta(days=9), -timedelta(days=1), "Je kon indienen tot maandag 15 juni 2026, 12.00 uur.", False),
    ],
    ids=["soon", "open", "open for ever", "closed"],
)
def test_a_call_says_until_when_and_offers_the_form_only_while_it_is_open(
    visitor, edition, opens, closes, words, has_button
):
    now = clock.now()
    make.a_call(edition, opens_at=now + opens, closes_at=now + closes if closes else None, judging_closes_at=None)

    page = visitor.get(OVERVIEW)

    assert words in page.text
    assert ("Dien een pitch in" in page.text) is has_button


def test_the_page_changes_by_itself_when_the_call_opens_and_closes(visitor, edition, time_stands_still):
    now = clock.now()
    make.a_call(edition, opens_at=now + timedelta(hours=1), closes_at=now + timedelta(hours=2), judging_closes_at=None)
    seen = []
    for minutes in (0, 59, 60, 119, 120):
        time_stands_still.move_to(now + timedelta(minutes=minutes))
        seen.append("Dien een pitch in" in visitor.get(OVERVIEW).text)
        etag = visitor.response.headers["ETag"]
        assert visitor.client.get(OVERVIEW, headers={"If-None-Match": etag}).status_code == 304

    assert seen == [False, False, True, True, False]


@pytest.mark.parametrize("path", ["/", "/2027"])
def test_the_front_page_and_the_editions_tell_of_an_open_call_until_its_last_moment(
    visitor, edition, time_stands_still, path
):
    now = clock.now()
    make.a_call(edition, title="Bijdragen", closes_at=now + timedelta(hours=1), judging_closes_at=None)

    assert "Dien een pitch in" in visitor.get(path).text
    time_stands_still.move_to(now + timedelta(hours=1))
    assert "Dien een pitch in" not in visitor.get(path).text


def test_several_calls_stand_in_the_order_of_the_organisers(visitor, edition):
    make.a_call(edition, title="Infomarkt", position=2)
    make.a_call(edition, title="Bijdragen", position=1)

    headings = [one.text_content().strip() for one in visitor.get(OVERVIEW).tree.xpath("//main//h2")]

    assert headings[:2] == ["Bijdragen", "Infomarkt"]


@pytest.mark.parametrize("status", ["draft", "declined", "withdrawn", "cancelled"])
def test_a_pitch_that_is_not_in_the_running_is_nowhere(visitor, call, status):
    hidden = make.a_pitch("Kanarie in het donker", call, status=status)
    make.a_pitch("Chatten na school", call)

    assert titles(visitor.get(OVERVIEW)) == ["Chatten na school"]
    assert "Kanarie" not in visitor.get(f"{OVERVIEW}?q=kanarie").text.replace("“kanarie”", "")
    visitor.get(address(hidden), expect=404)
    visitor.get(address(hidden) + "/ik-denk-mee", expect=404)


@pytest.mark.parametrize("status", ["submitted", "waitlisted", "accepted", "confirmed"])
def test_a_pitch_in_the_running_is_read_by_everybody_and_looks_the_same(visitor, call, status):
    pitch = make.a_pitch(
        "Chatten na school", call, status=status, pending="declined" if status == "submitted" else None
    )

    overview, page = visitor.get(OVERVIEW), visitor.get(address(pitch))

    assert titles(overview) == ["Chatten na school"]
    for shown in (overview.text, page.text):
        assert "In het programma" not in shown
        for word in ("aanvaard", "bevestigd", "reservelijst", "afgewezen", "niet gekozen"):
            assert word not in shown.casefold()


def test_a_pitch_whose_submitter_did_not_agree_is_nowhere(visitor, call):
    hidden = make.a_pitch("Kanarie zonder akkoord", call, agreed_public=False)

    assert "Kanarie" not in visitor.get(OVERVIEW).text
    visitor.get(address(hidden), expect=404)


def test_no_pitch_is_read_before_organisers_open_them_nor_after_they_close_them(organiser, visitor, edition):
    call = make.a_call(edition)
    pitch = make.a_pitch("Chatten na school", call)
    oproepen = f"/beheer/2027/pitches/oproepen/{call.id}"
    seen = []
    for step in (None, "openbaar", "niet-openbaar", "openbaar"):
        if step:
            organiser.post(f"{oproepen}/{step}")
        overview = visitor.client.get(OVERVIEW)
        seen.append((b"Chatten na school" in overview.data, visitor.client.get(address(pitch)).status_code))

    assert seen == [(False, 404), (True, 200), (False, 404), (True, 200)]


def test_the_pitches_of_one_call_are_not_read_because_those_of_another_are(visitor, edition, call):
    make.a_pitch("Chatten na school", call)
    hidden = make.a_pitch("Kanarie in de andere oproep", make.a_call(edition, title="Infomarkt", is_blind=False))

    assert titles(visitor.get(OVERVIEW)) == ["Chatten na school"]
    visitor.get(address(hidden), expect=404)
    visitor.get(address(hidden) + "/ik-denk-mee", expect=404)


def test_a_kept_page_follows_a_pitch_that_changes_is_withdrawn_or_agrees(visitor, call):
    pitch = make.a_pitch("Chatten na school", call)
    assert titles(visitor.get(OVERVIEW)) == ["Chatten na school"]

    pitch.title, pitch.revision = "Chatten op school", pitch.revision + 1
    db.session.commit()
    assert titles(visitor.get(OVERVIEW)) == ["Chatten op school"]
    pitch.status = "withdrawn"
    db.session.commit()
    assert titles(visitor.get(OVERVIEW)) == []
    pitch.status, pitch.agreed_public = "submitted", False
    db.session.commit()
    assert titles(visitor.get(OVERVIEW)) == []
    pitch.agreed_public = True
    db.session.commit()
    assert titles(visitor.get(OVERVIEW)) == ["Chatten op school"]


def test_an_accepted_pitch_leads_to_its_session_once_that_is_published(visitor, edition, call):
    session = make.a_session("Chatten na school", edition=edition)
    pitch = make.a_pitch("Chatten na school", call, status="accepted", session=session)
    assert "In het programma" not in visitor.get(address(pitch)).text

    release.release(edition, by=None, reason="", tell=False)
    db.session.commit()

    page = visitor.get(address(pitch))
    assert f"/2027/programma/{session.slug}" in [one.get("href") for one in page.tree.xpath("//main//a")]
    assert "In het programma" in visitor.get(OVERVIEW).text


def test_a_session_that_was_cancelled_is_not_linked(visitor, edition, call):
    session = make.a_session("Chatten na school", edition=edition, status="cancelled")
    pitch = make.a_pitch("Chatten na school", call, status="confirmed", session=session)
    release.release(edition, by=None, reason="", tell=False)
    db.session.commit()

    assert "In het programma" not in visitor.get(address(pitch)).text
    assert "In het programma" not in visitor.get(OVERVIEW).text


def test_a_released_session_of_a_pitch_that_was_not_told_is_not_linked(visitor, edition, call):
    session = make.a_session("Chatten na school", edition=edition)
    pitch = make.a_pitch("Chatten na school", call, status="submitted", pending="accepted", session_id=session.id)
    release.release(edition, by=None, reason="", tell=False)
    db.session.commit()

    assert "In het programma" not in visitor.get(address(pitch)).text
    assert "In het programma" not in visitor.get(OVERVIEW).text


def test_a_changed_title_keeps_the_old_address(visitor, call):
    pitch = make.a_pitch("Chatten na school", call)
    old = address(pitch)
    pitch.title, pitch.revision = "Chatten op school", 1
    db.session.commit()

    answer = visitor.client.get(old)

    assert (answer.status_code, answer.headers["Location"]) == (301, address(pitch))
    visitor.get(f"{OVERVIEW}/iets-anders-zzzzzz", expect=404)
    visitor.get(f"{OVERVIEW}/{'x' * 500}", expect=404)


def test_a_pitch_of_another_edition_is_not_there(visitor, call):
    other = make.an_edition("2028")
    pitch = make.a_pitch("Elders", make.a_call(other, pitches_public_at=clock.now()))

    visitor.get(f"{OVERVIEW}/{pitch.slug}", expect=404)
    visitor.get(f"/2028/pitches/{pitch.slug}")


WHO = "Noor Kanarie"


def test_no_byte_tells_who_sent_in_while_a_blind_call_is_judged(visitor, edition, call):
    pitch = make.a_pitch("Chatten na school", call, author=(WHO, "noor@example.org"), partners="CAW Kanarie")
    make.an_author(pitch, "Mede Kanarie", role="co")

    for path in (
        OVERVIEW,
        f"{OVERVIEW}?q=kanarie",
        address(pitch),
        address(pitch) + "/ik-denk-mee",
        f"/en{address(pitch)}",
    ):
        body = visitor.client.get(path).get_data(as_text=True)
        assert "Kanarie" not in body
        assert "noor@" not in body
    assert "beoordeelt zonder namen" in visitor.get(address(pitch)).text


def test_names_are_shown_when_judging_is_over_and_everybody_was_told(visitor, edition, time_stands_still):
    call = make.a_call(edition, pitches_public_at=clock.now(), closes_at=clock.now(), judging_closes_at=None)
    pitch = make.a_pitch("Chatten na school", call, status="waitlisted", author=WHO)
    make.an_author(pitch, "Gevraagde Kanarie", role="co", status="invited")
    other = make.a_pitch("Nog te beslissen", call, agreed_public=False)
    assert WHO not in visitor.get(address(pitch)).text

    other.status = "declined"
    db.session.commit()

    page = visitor.get(address(pitch))
    assert WHO in page.text
    assert "Gevraagde Kanarie" not in page.text
    assert "@" not in page.text.replace("blender@example.org", "")


def test_names_of_a_call_with_names_are_shown_at_once(visitor, edition):
    call = make.a_call(edition, is_blind=False, pitches_public_at=clock.now())
    pitch = make.a_pitch("Chatten na school", call, author=WHO, partners="CAW Gent")

    page = visitor.get(address(pitch))

    assert WHO in page.text
    assert "CAW Gent" in page.text


def test_what_is_for_organisers_alone_is_in_no_public_byte(visitor, call):
    pitch = make.a_pitch(
        "Chatten na school", call, practical="Kanarie praktisch", decision_note="Kanarie besluit", format_slug="kanarie"
    )
    make.a_pitch_file(pitch, "kanarie.pdf")
    make.an_interest(pitch, "Ines Kanarie")

    for path in (OVERVIEW, address(pitch), "/2027/programma.json", "/api/v1/editions", "/2027"):
        assert "kanarie" not in visitor.client.get(path).get_data(as_text=True).casefold()


def test_filters_work_together_say_how_many_and_take_nothing_they_do_not_know(visitor, call):
    make.a_pitch(
        "Chat", call, kind="question", stage="pilot", themes=["privacy"], technology=["chat"], sectors=["youth_care"]
    )
    make.a_pitch("App", call, kind="running", stage="pilot", themes=["privacy", "ethics"], technology=["app"])
    make.a_pitch("Beeldbellen", call, kind="running", stage="scale", themes=["trust"], technology=["video"])

    page = visitor.get(OVERVIEW)
    assert [one.text_content() for one in page.tree.xpath("//select[@id='filter-stage']/option")] == [
        "Alle fases",
        "Pilot (2)",
        "Opschalen (1)",
    ]
    assert titles(visitor.get(f"{OVERVIEW}?stage=pilot&theme=privacy")) == ["App", "Chat"]
    assert titles(visitor.get(f"{OVERVIEW}?stage=pilot&technology=chat")) == ["Chat"]
    assert titles(visitor.get(f"{OVERVIEW}?sector=youth_care")) == ["Chat"]
    assert titles(visitor.get(f"{OVERVIEW}?q=beeld")) == ["Beeldbellen"]
    nothing = visitor.get(f"{OVERVIEW}?stage=scale&technology=chat")
    assert titles(nothing) == []
    assert "Geen enkele pitch past bij dat alles" in nothing.text
    assert titles(visitor.get(f"{OVERVIEW}?stage=<script>&kind=draft&onbekend=1")) == ["App", "Beeldbellen", "Chat"]


def test_a_filtered_page_is_not_for_search_engines_and_the_whole_one_is(visitor, call):
    make.a_pitch("Chat", call, stage="pilot")
    make.a_pitch("App", call, stage="scale")

    assert b"noindex" not in visitor.client.get(OVERVIEW).data
    assert b"noindex" in visitor.client.get(f"{OVERVIEW}?stage=pilot").data


def test_many_pitches_are_read_in_pages_with_their_filter(visitor, call):
    for number in range(65):
        make.a_pitch(f"Idee {number:02}", call, stage="pilot" if number % 2 else "scale", author=None)

    assert (len(titles(visitor.get(OVERVIEW))), len(titles(visitor.get(f"{OVERVIEW}?page=3")))) == (30, 5)
    last = visitor.get(f"{OVERVIEW}?stage=pilot&page=99")
    assert titles(last) == ["Idee 61", "Idee 63"]
    assert last.tree.xpath("//a[@rel='prev']")[0].get("href") == "/2027/pitches?stage=pilot&page=1"
    assert titles(visitor.get(f"{OVERVIEW}?page=-1"))[0] == "Idee 00"


def test_thirty_pitches_take_as_many_questions_as_one(app, visitor, edition, call):
    session = make.a_session("Chat", edition=edition)
    release.release(edition, by=None, reason="", tell=False)
    db.session.commit()
    visitor.client.get("/2027/programma")  # the programme is kept in memory from here on
    counted = []
    for number in range(30):
        pitch = make.a_pitch(f"Idee {number}", call, status="accepted", session=session)
        if number in (1, 29):
            for path in (f"{OVERVIEW}?page=1", address(pitch)):
                ground.forget_everything()
                with statements() as sent:
                    assert visitor.client.get(path).status_code == 200
                counted.append(len(sent))

    assert counted[:2] == counted[2:]


def test_a_kept_page_takes_two_questions(visitor, call):
    pitch = make.a_pitch("Chat", call)
    for path in (OVERVIEW, address(pitch)):
        visitor.client.get(path)
        with statements() as sent:
            visitor.client.get(path)
        assert len(sent) == 2


def test_the_other_language_keeps_the_words_of_the_pitch(visitor, call):
    pitch = make.a_pitch("Chatten na school", call, language="nl")

    page = visitor.get(f"/en{address(pitch)}")

    assert page.tree.xpath("//h1")[0].get("lang") == "nl"
    assert "I think along" in page.text


def test_a_draft_edition_shows_no_pitches(visitor, app):
    edition = make.an_edition("2030", status="draft")
    pitch = make.a_pitch("Chat", make.a_call(edition, pitches_public_at=clock.now()))

    visitor.get("/2030/pitches", expect=404)
    visitor.get(f"/2030/pitches/{pitch.slug}", expect=404)
    assert db.session.query(Pitch).count() == 1


def test_the_map_for_search_engines_knows_the_page_of_the_calls(visitor, call):
    make.an_edition("2029")

    body = visitor.client.get("/sitemap.xml").get_data(as_text=True)

    assert "<loc>https://blender.example.org/2027/pitches</loc>" in body
    assert "<loc>https://blender.example.org/en/2027/pitches</loc>" in body
    assert "/2029/pitches" not in body
