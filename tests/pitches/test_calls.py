"""Organisers make calls: words that are ready, dates in the edition's own time, criteria without script, nothing lost."""

from datetime import UTC, datetime, timedelta

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.pitches import queries_public, rules_calls
from blender_event.pitches.models import Call
from tests import factories as make

CALLS = "/beheer/2027/pitches/oproepen"


@pytest.fixture
def edition(app):
    return make.an_edition()


def typed(page):
    """What the page's form holds, one value a field."""
    return {name: values[0] for name, values in page.form().values().items() if values}


def the_call():
    return db.session.query(Call).order_by(Call.id.desc()).first()


def test_the_first_call_is_ready_but_for_its_dates(organiser, edition, visitor):
    organiser.get(CALLS)
    organiser.submit(f"{CALLS}/nieuw", button="Maak de oproep")

    call = the_call()
    assert call.title == "Breng je idee naar de dag"
    assert call.slug == "breng-je-idee-naar-de-dag"
    assert call.kinds == ["question", "proposal", "running", "finished"]
    assert [one["label"] for one in call.criteria] == [
        "Het is nieuw, of nieuw voor het werkveld",
        "Anderen kunnen het gebruiken",
        "Het past in het dagelijkse werk",
    ]
    assert (call.word_limit, call.most_authors, call.most_files, call.is_blind) == (250, 6, 3, True)
    assert (call.opens_at, call.judged_by) == (None, "assigned")
    assert "<strong>vraag</strong>" in call.intro_html
    visitor.get("/2027/pitches", expect=404)


def test_a_second_call_begins_empty(organiser, edition):
    make.a_call(edition)

    page = organiser.get(f"{CALLS}/nieuw")

    assert typed(page).get("title", "") == ""


def test_dates_are_those_of_the_clock_in_the_edition(organiser, app):
    make.an_edition(zone="America/New_York")
    organiser.submit(
        f"{CALLS}/nieuw",
        button="Maak de oproep",
        title="Bijdragen",
        opens_at="2026-06-20T09:00",
        closes_at="2026-07-20T17:00",
    )

    call = the_call()
    assert call.opens_at == datetime(2026, 6, 20, 13, 0, tzinfo=UTC)
    assert call.closes_at == datetime(2026, 7, 20, 21, 0, tzinfo=UTC)
    shown = typed(organiser.get(f"{CALLS}/{call.id}"))
    assert (shown["opens_at"], shown["closes_at"]) == ("2026-06-20T09:00", "2026-07-20T17:00")


@pytest.mark.parametrize(
    ("dates", "field", "words"),
    [
        (
            {"opens_at": "2026-07-20T17:00", "closes_at": "2026-06-20T09:00"},
            "closes_at",
            "De oproep moet sluiten nadat hij opengaat.",
        ),
        (
            {"closes_at": "2026-06-20T09:00"},
            "opens_at",
            "Zeg wanneer de oproep opengaat, of laat ook leeg wanneer hij sluit.",
        ),
        (
            {"opens_at": "2026-06-01T09:00", "closes_at": "2026-07-20T09:00", "judging_closes_at": "2026-07-01T09:00"},
            "judging_closes_at",
            "Het beoordelen moet eindigen nadat de oproep sluit.",
        ),
    ],
)
def test_impossible_dates_are_refused_beside_their_field_and_nothing_is_lost(organiser, edition, dates, field, words):
    page = organiser.submit(
        f"{CALLS}/nieuw", button="Maak de oproep", expect=422, title="Stands", intro="Kom met je stand", **dates
    )

    assert words in page.errors[field]
    assert typed(page)["intro"] == "Kom met je stand"
    assert db.session.query(Call).count() == 0


def test_criteria_are_added_and_taken_away_without_script(organiser, edition):
    page = organiser.get(f"{CALLS}/nieuw")
    more = organiser.submit(page, button="Voeg een criterium toe", expect=200, title="Bijdragen")
    answers = typed(more)
    assert answers["title"] == "Bijdragen"
    assert [answers.get(f"criteria-{n}-label", "") for n in (2, 3)] == ["Het past in het dagelijkse werk", ""]

    less = organiser.submit(more, button="Verwijder criterium 1", expect=200)
    assert typed(less)["criteria-0-label"] == "Anderen kunnen het gebruiken"
    organiser.submit(less, button="Maak de oproep", **{"criteria-2-label": "Het kan morgen beginnen"})

    assert [one["label"] for one in the_call().criteria] == [
        "Anderen kunnen het gebruiken",
        "Het past in het dagelijkse werk",
        "Het kan morgen beginnen",
    ]


def test_a_criterion_keeps_its_key_whatever_becomes_of_its_words(organiser, edition):
    call = make.a_call(edition, criteria=[{"key": "a1", "label": "Vernieuwend"}, {"key": "b2", "label": "Haalbaar"}])

    organiser.submit(f"{CALLS}/{call.id}", button="Bewaar", **{"criteria-0-label": "", "criteria-1-label": "Doenbaar"})

    assert the_call().criteria == [{"key": "b2", "label": "Doenbaar"}]


def test_a_key_that_was_made_up_is_not_taken_over(organiser, edition):
    call = make.a_call(edition, criteria=[{"key": "a1", "label": "Vernieuwend"}])
    page = organiser.get(f"{CALLS}/{call.id}")
    answers = typed(page) | {"criteria-0-key": "x" * 500}

    organiser.post(f"{CALLS}/{call.id}", **{k: v for k, v in answers.items() if k != "csrf_token"})

    (kept,) = the_call().criteria
    assert kept["label"] == "Vernieuwend"
    assert len(kept["key"]) == 6


def test_saving_again_after_somebody_else_shows_both_and_overwrites_nothing(organiser, edition):
    call = make.a_call(edition, title="Bijdragen")
    page = organiser.get(f"{CALLS}/{call.id}")
    organiser.submit(f"{CALLS}/{call.id}", button="Bewaar", title="Van een ander")

    both = organiser.submit(page, button="Bewaar", expect=409, title="Van mij")

    assert "Van een ander" in both.text
    assert typed(both)["title"] == "Van mij"
    assert the_call().title == "Van een ander"
    organiser.submit(both, button="Bewaar")
    assert the_call().title == "Van mij"


def test_a_double_click_makes_one_call(organiser, edition):
    page = organiser.get(f"{CALLS}/nieuw")
    organiser.submit(page, button="Maak de oproep", title="Bijdragen")
    organiser.submit(page, button="Maak de oproep", title="Bijdragen")

    assert db.session.query(Call).count() == 1


def test_two_calls_with_one_title_have_two_addresses(organiser, edition):
    for _time in range(2):
        organiser.submit(f"{CALLS}/nieuw", button="Maak de oproep", title="Stands")

    first, second = [call.slug for call in db.session.query(Call).order_by(Call.id)]
    assert first == "stands"
    assert second.startswith("stands-")


def test_a_changed_title_keeps_the_address(organiser, edition):
    call = make.a_call(edition, title="Bijdragen")

    organiser.submit(f"{CALLS}/{call.id}", button="Bewaar", title="Oproep voor bijdragen")

    assert (the_call().title, the_call().slug) == ("Oproep voor bijdragen", "bijdragen")


def test_a_call_nobody_used_is_removed_and_one_with_a_draft_stays(organiser, edition):
    unused, used = make.a_call(edition, title="Stands"), make.a_call(edition, title="Bijdragen")
    make.a_pitch("", used, status="draft")

    organiser.submit(f"{CALLS}/{unused.id}/verwijderen", button="Verwijder")
    page = organiser.submit(f"{CALLS}/{used.id}/verwijderen", button="Verwijder", expect=422)

    assert "1 pitch is via deze oproep begonnen. Sluit de oproep in plaats van hem te verwijderen." in page.text
    assert [call.title for call in db.session.query(Call)] == ["Bijdragen"]


def test_the_call_of_another_edition_is_not_there(organiser, edition):
    other = make.a_call(make.an_edition("2028"))

    organiser.get(f"{CALLS}/{other.id}", expect=404)
    organiser.post(f"{CALLS}/{other.id}/openbaar", expect=404)
    assert db.session.get(Call, other.id).pitches_public_at is None


def test_opening_and_closing_the_pitches_twice_is_done_once_and_written_down(organiser, edition):
    call = make.a_call(edition)
    before = edition.public_revision

    for address in ("openbaar", "openbaar", "niet-openbaar", "niet-openbaar"):
        organiser.post(f"{CALLS}/{call.id}/{address}")

    db.session.refresh(edition)
    deeds = [entry.action for entry in db.session.query(AuditEntry).filter_by(kind="calls").order_by(AuditEntry.id)]
    assert deeds == ["pitches opened to the public", "pitches closed to the public"]
    assert edition.public_revision == before + 2


NOON = datetime(2026, 6, 16, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.once
@pytest.mark.parametrize(
    ("opens_at", "closes_at", "phase"),
    [
        (None, None, "soon"),
        (NOON + HOUR, None, "soon"),
        (NOON, None, "open"),
        (NOON - HOUR, None, "open"),
        (NOON - HOUR, NOON + HOUR, "open"),
        (NOON - HOUR, NOON, "closed"),
        (NOON - HOUR, NOON - timedelta(seconds=1), "closed"),
    ],
)
def test_the_first_moment_counts_and_the_last_one_is_too_late(opens_at, closes_at, phase):
    assert rules_calls.window(opens_at, closes_at, NOON) == phase


@pytest.mark.parametrize(
    "facts",
    [{"status": "cancelled"}, {"starts_on": datetime(2026, 6, 1, tzinfo=UTC).date()}],
    ids=["cancelled", "past"],
)
def test_a_call_of_a_day_that_is_over_or_off_is_closed(app, facts):
    call = make.a_call(make.an_edition(**facts))

    assert rules_calls.phase(call, clock.now()) == "closed"
    assert queries_public.open_calls(call.edition, clock.now()) == []


@pytest.mark.once
@pytest.mark.parametrize(
    ("is_blind", "judging_closes_at", "undecided", "shown"),
    [
        (False, NOON + HOUR, 3, True),
        (True, NOON + HOUR, 0, False),
        (True, NOON - HOUR, 1, False),
        (True, NOON - HOUR, 0, True),
        (True, None, 0, True),
        (True, None, 1, False),
    ],
)
def test_names_of_a_blind_call_wait_until_nobody_judges(is_blind, judging_closes_at, undecided, shown):
    found = rules_calls.names_may_be_shown(
        is_blind=is_blind, judging_closes_at=judging_closes_at, undecided=undecided, now=NOON
    )

    assert found is shown
