"""“Ik denk mee”: once per address and pitch, told by mail, seen by organisers alone."""

import csv
import io

import openpyxl
import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.pitches.models import Interest
from tests import factories as make
from tests.programme.counting import statements
from tests.visitor import Visitor, signed_in

LIST = "/beheer/2027/pitches/ik-denk-mee"
CANARY = "Ines Kanarie"


@pytest.fixture
def pitch(app):
    edition = make.an_edition()
    return make.a_pitch("Chatten na school", make.a_call(edition, pitches_public_at=clock.now()))


def form_of(pitch):
    return f"/2027/pitches/{pitch.slug}/ik-denk-mee"


def leave(visitor, pitch, expect="redirect", **typed):
    known = {"name": "Ines Denkt", "email": "ines@example.org", "words": "Ik doe dit in Gent.", "consent": True}
    return visitor.submit(form_of(pitch), expect=expect, **known | typed)


def test_somebody_leaves_word_and_gets_one_letter_that_repeats_none_of_it(visitor, pitch, letters, worker):
    leave(visitor, pitch, organisation="CAW Gent")

    assert visitor.location == form_of(pitch) + "/bedankt"
    thanks = visitor.follow()
    assert "Ines" not in thanks.text
    (row,) = db.session.query(Interest)
    assert (row.name, row.organisation, row.email, row.words) == (
        "Ines Denkt",
        "CAW Gent",
        "ines@example.org",
        "Ik doe dit in Gent.",
    )
    assert row.consent_at == clock.now()
    (letter,) = letters(kind="interest_received")
    assert letter.to_email == "ines@example.org"
    assert letter.subject == "Je denkt mee met “Chatten na school”"
    assert "in Gent" not in letter.text
    assert f"https://blender.example.org/2027/pitches/{pitch.slug}" in letter.text
    worker.run()


def test_the_letter_speaks_the_language_of_the_page(visitor, pitch, letters):
    visitor.submit("/en" + form_of(pitch), name="Ines", email="ines@example.org", consent=True)

    assert letters()[-1].subject == "You think along with “Chatten na school”"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": " "}, "name", "Vul je naam in"),
        ({"email": ""}, "email", "Vul je e-mailadres in"),
        ({"email": "ines"}, "email", "Vul een volledig e-mailadres in, zoals ada@example.org"),
        ({"consent": False}, "consent", "Vink dit aan, anders mogen we niet bewaren wat je typte."),
        ({"words": "x" * 2001}, "words", "Dit zijn 2001 tekens. Er passen er hoogstens 2000."),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(visitor, pitch, letters, typed, field, words):
    page = leave(visitor, pitch, expect=422, **typed)

    assert words in page.errors[field]
    assert page.form().values()["words"] == [typed.get("words", "Ik doe dit in Gent.")]
    assert db.session.query(Interest).count() == 0
    assert letters() == []


def test_the_same_address_is_kept_once_and_what_was_left_first_stays(visitor, pitch, letters, app):
    leave(visitor, pitch)
    leave(Visitor(app), pitch, email="INES@example.org", words="Iets anders", name="Iemand anders")

    (row,) = db.session.query(Interest)
    assert (row.name, row.words) == ("Ines Denkt", "Ik doe dit in Gent.")
    assert "We wisten al dat je wilt meedenken" in letters()[-1].text
    assert visitor.location == form_of(pitch) + "/bedankt"


def test_one_address_may_think_along_with_two_pitches(visitor, pitch):
    leave(visitor, pitch)
    leave(visitor, make.a_pitch("Nog een idee", pitch.call))

    assert db.session.query(Interest).count() == 2


def test_a_double_click_is_one_word_and_one_letter(visitor, pitch, letters):
    page = visitor.get(form_of(pitch))
    for _click in range(2):
        visitor.submit(page, name="Ines", email="ines@example.org", consent=True)

    assert db.session.query(Interest).count() == 1
    assert len(letters()) == 1
    assert "We wisten al" not in letters()[0].text


def test_a_machine_that_fills_in_the_trap_is_thanked_and_forgotten(visitor, pitch, letters):
    leave(visitor, pitch, website="https://spam.example")

    assert visitor.location == form_of(pitch) + "/bedankt"
    assert db.session.query(Interest).count() == 0
    assert letters() == []


def test_nobody_is_flooded_with_letters(visitor, pitch, letters):
    others = [make.a_pitch(f"Idee {n}", pitch.call) for n in range(6)]
    for one in (pitch, *others):
        leave(visitor, one)

    assert db.session.query(Interest).count() == 7
    assert len(letters(to="ines@example.org")) == 5


def test_one_browser_cannot_go_on_for_ever(visitor, pitch):
    for number in range(20):
        leave(visitor, pitch, email=f"ines{number}@example.org")

    leave(visitor, pitch, expect=429, email="nog@example.org")
    assert db.session.query(Interest).count() == 20


@pytest.mark.parametrize("facts", [{"status": "withdrawn"}, {"agreed_public": False}])
def test_nobody_thinks_along_with_a_pitch_that_is_not_public(visitor, pitch, facts):
    page = visitor.get(form_of(pitch))
    for name, value in facts.items():
        setattr(pitch, name, value)
    db.session.commit()

    visitor.submit(page, expect=404, name="Ines", email="ines@example.org", consent=True)
    assert db.session.query(Interest).count() == 0


def test_only_organisers_read_it_and_nothing_public_says_it(organiser, visitor, pitch, app):
    make.an_interest(pitch, CANARY, "kanarie@example.org", words="Kanarie in woorden")

    page = organiser.get(LIST)
    for word in (CANARY, "kanarie@example.org", "Kanarie in woorden", "Chatten na school"):
        assert word in page.text
    rik = signed_in(app, make.a_reviewer("Rik", pitch.edition, pitch.call))
    desk = signed_in(app, make.a_person("Dora", role="desk", edition=pitch.edition))
    other = signed_in(app, make.an_organiser("Otto", edition=make.an_edition("2028")))
    for nobody in (rik, desk, other):
        nobody.get(LIST, expect=404)
        nobody.get(f"{LIST}/uitvoer/csv", expect=404)
    visitor.get(LIST, expect=302)
    public = ("/2027", "/2027/pitches", f"/2027/pitches/{pitch.slug}", form_of(pitch), form_of(pitch) + "/bedankt")
    for path in (*public, "/2027/programma.json"):
        assert "kanarie" not in visitor.client.get(path).get_data(as_text=True).casefold()


def test_the_log_and_the_audit_trail_know_no_names(visitor, pitch, capsys):
    leave(visitor, pitch, name=CANARY, email="kanarie@example.org")

    entry = db.session.query(AuditEntry).filter_by(action="interest left").one()
    assert "anarie" not in repr((entry.old, entry.new))
    assert "anarie" not in capsys.readouterr().out


def test_the_list_is_filtered_by_pitch_and_read_in_pages(organiser, pitch):
    other = make.a_pitch("Nog een idee", pitch.call)
    for number in range(55):
        make.an_interest(pitch, f"Ines {number}")
    make.an_interest(other, "Otto Denkt")

    assert len(organiser.get(LIST).tree.xpath("//tbody/tr")) == 50
    assert len(organiser.get(f"{LIST}?page=2").tree.xpath("//tbody/tr")) == 6
    one = organiser.get(f"{LIST}?pitch={other.id}")
    assert [row.text_content() for row in one.tree.xpath("//tbody/tr/th")] == ["Otto Denkt"]
    assert len(organiser.get(f"{LIST}?pitch=99999&page=-3").tree.xpath("//tbody/tr")) == 50


def test_a_file_of_it_holds_text_and_is_written_down_first(organiser, pitch):
    make.an_interest(pitch, "=1+1", "ines@example.org", organisation="CAW; Gent", words="Eén\nTwee")

    body = organiser.get(f"{LIST}/uitvoer/csv").body
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == [
        "Chatten na school",
        "'=1+1",
        "CAW; Gent",
        "ines@example.org",
        "Eén\nTwee",
        "2026-06-16 12:00",
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(organiser.get(f"{LIST}/uitvoer/xlsx").body)).active
    assert [(cell.value, cell.data_type) for cell in sheet[2]][1] == ("=1+1", "s")
    deeds = [entry.action for entry in db.session.query(AuditEntry).filter_by(action="interests exported")]
    assert len(deeds) == 2
    organiser.get(f"{LIST}/uitvoer/pdf", expect=404)


def test_somebody_is_removed_when_they_ask(organiser, pitch):
    gone, stays = make.an_interest(pitch, "Ines Weg"), make.an_interest(pitch, "Otto Blijft")

    organiser.submit(f"{LIST}/{gone.id}/verwijderen")

    assert [row.name for row in db.session.query(Interest)] == ["Otto Blijft"]
    elsewhere = make.an_interest(make.a_pitch("Elders", make.a_call(make.an_edition("2028"))))
    organiser.get(f"{LIST}/{elsewhere.id}/verwijderen", expect=404)
    assert stays.id != elsewhere.id


def test_the_overview_says_who_is_new_this_week(organiser, pitch, time_stands_still):
    make.an_interest(pitch, "Ines")

    assert "persoon wil meedenken sinds vorige week" in organiser.get("/beheer/2027").text
    make.an_interest(pitch, "Otto", created_at=clock.now())
    assert "mensen willen meedenken sinds vorige week" in organiser.get("/beheer/2027").text


def test_many_who_think_along_take_as_many_questions_as_one(organiser, pitch):

    counted = []
    for number in range(30):
        make.an_interest(pitch, f"Ines {number}")
        if number in (0, 29):
            with statements() as sent:
                organiser.client.get(LIST)
            counted.append(len(sent))

    assert counted[0] == counted[1]
