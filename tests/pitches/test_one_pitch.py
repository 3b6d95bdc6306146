"""What organisers do on the page of one pitch: give more time, take part in the discussion, mend its words, read everything."""

from datetime import timedelta

import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.pitches.models_judging import Remark
from tests import factories as make
from tests.programme.counting import statements
from tests.visitor import signed_in

TABLE = "/en/beheer/2027/pitches"


@pytest.fixture
def call(app):
    return make.a_call(make.an_edition())


@pytest.fixture
def olga(app, call):
    """A second organiser's browser."""
    return signed_in(app, make.an_organiser("Olga", call.edition))


def fresh(pitch):
    db.session.rollback()
    db.session.refresh(pitch)
    return pitch


def test_more_time_is_given_and_told(organiser, call, letters):
    pitch = make.a_pitch(call=call, status="draft", author=("Noor", "noor@example.org"))

    organiser.submit(f"{TABLE}/{pitch.id}/meer-tijd", until="2026-08-01T23:59")
    organiser.submit(f"{TABLE}/{pitch.id}/meer-tijd", until="2026-08-01T23:59")

    assert fresh(pitch).extended_until.isoformat() == "2026-08-01T21:59:00+00:00"
    (letter,) = letters(kind="pitch_extended")
    assert "zaterdag 1 augustus 2026, 23.59" in " ".join(letter.text.split())


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("", "Choose a day and an hour."),
        ("2026-06-16T11:00", "Choose a moment that is still to come."),
        ("1850-01-01T10:00", "Choose a day between 1990 and 2099."),
        ("morgen", "Not a valid datetime value."),
    ],
)
def test_more_time_must_lie_ahead(organiser, call, letters, until, words):
    pitch = make.a_pitch(call=call, status="draft")

    organiser.submit(f"{TABLE}/{pitch.id}/meer-tijd", until=until, expect=422)

    assert fresh(pitch).extended_until is None
    assert letters() == []
    assert words in organiser.page.text or until == "morgen"


def test_an_organiser_takes_part_in_the_discussion_once_per_click(organiser, call):
    pitch = make.a_pitch(call=call)
    page = organiser.get(f"{TABLE}/{pitch.id}")
    for _click in range(2):
        organiser.submit(page, form="/gesprek", words="Past dit bij de infomarkt?")
    organiser.submit(f"{TABLE}/{pitch.id}", form="/gesprek", words="  ", expect=422)

    assert [remark.words for remark in db.session.query(Remark)] == ["Past dit bij de infomarkt?"]


def test_the_page_of_one_pitch_shows_everything_and_the_way_to_the_next(organiser, call):
    rik = make.a_reviewer("Rik Raad", call=call)
    pitches = [
        make.a_pitch(f"Pitch {number}", call=call, submitted_at=clock.now() - timedelta(days=number))
        for number in range(3)
    ]
    middle = pitches[1]
    make.a_review(middle, rik, "maybe", strengths="Sterk uitgewerkt", attention="Let op de taal")
    make.a_remark(middle, rik, "Wie neemt dit op?")
    make.an_interest(middle, "Ines Denkt", "ines@example.org")
    make.a_pitch_file(middle, "begroting.pdf")

    page = organiser.get(f"{TABLE}/{middle.id}")

    for words in (
        "Rik Raad",
        "Sterk uitgewerkt",
        "Let op de taal",
        "Wie neemt dit op?",
        "ines@example.org",
        "begroting.pdf",
        "2 of 3",
    ):
        assert words in page.text
    ways = {link.text_content(): link.get("href") for link in page.tree.findall(".//a[@rel]")}
    assert ways == {"Previous": f"{TABLE}/{pitches[0].id}", "Next": f"{TABLE}/{pitches[2].id}"}
    organiser.get(f"{TABLE}/{middle.id}/bestanden/{middle.files[0].id}")
    assert organiser.response.headers["Content-Disposition"].startswith('attachment; filename="begroting.pdf"')
    organiser.get(f"{TABLE}/{pitches[0].id}/bestanden/{middle.files[0].id}", expect=404)


def test_words_are_changed_for_somebody_and_written_down(organiser, olga, call, letters):
    pitch = make.a_pitch("Chatten", call=call, themes=["privacy"])
    page = olga.get(f"{TABLE}/{pitch.id}/wijzigen")
    organiser.submit(f"{TABLE}/{pitch.id}/wijzigen", title="Chatten na school", summary="Korter.")

    again = olga.submit(page, title="Chat", expect=409)

    assert "Chatten na school" in again.text
    assert fresh(pitch).title == "Chatten na school"
    assert pitch.search_text.startswith("chatten na school korter.")
    entry = db.session.query(AuditEntry).filter_by(action="pitch changed").one()
    assert entry.new == {"fields": ["summary", "title"]}
    assert letters() == []


def test_as_many_statements_for_thirty_decisions_as_for_one(organiser, call):
    def asked(path):
        with statements() as sent:
            organiser.get(f"{TABLE}{path}")
        return len(sent)

    paths = ("/beslissingen", "/beslissingen/mails")
    first = make.a_pitch(call=call, pending="accepted")
    of_one = [asked(path) for path in (*paths, f"/{first.id}")]
    for number in range(29):
        make.a_pitch(f"Pitch {number}", call=call, pending=("accepted", "declined")[number % 2])
    jury = [make.a_reviewer(f"Rik {number}", call=call) for number in range(3)]
    for person in jury:
        make.a_review(first, person)
        make.a_remark(first, person)

    assert [asked(path) for path in (*paths, f"/{first.id}")] == of_one
