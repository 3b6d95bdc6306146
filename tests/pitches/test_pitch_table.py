"""The organisers' table of pitches: what it shows, finds, sorts and exports, and what it costs."""

import csv
import io

import openpyxl
import pytest

from blender_event import load
from blender_event.core.database import db
from blender_event.pitches import queries_faults
from blender_event.pitches.models import Pitch
from blender_event.pitches.models_judging import Assignment, Review
from tests import factories as make
from tests.programme.counting import statements
from tests.visitor import signed_in

TABLE = "/en/beheer/2027/pitches"


@pytest.fixture
def call(app):
    return make.a_call(make.an_edition())


@pytest.fixture
def jury(call):
    return [make.a_reviewer(name, call=call) for name in ("Rik", "Rita", "Roel")]


def judged(pitch, jury, *advices):
    """Everybody of the jury is asked; who has an advice wrote it."""
    for person in jury:
        make.an_assignment(pitch, person)
    for person, advice in zip(jury, advices, strict=False):
        make.a_review(pitch, person, advice)


def titles(page):
    return [row.find(".//th").text_content() for row in page.tree.findall(".//tbody/tr")]


def test_a_row_says_what_the_jury_finds_and_what_is_missing(organiser, call, jury):
    pitch = make.a_pitch("Chatten na school", themes=["privacy", "e_inclusion"], pending="accepted")
    judged(pitch, jury, "yes", "no")

    page = organiser.get(TABLE)

    row = " ".join(page.tree.find(".//tbody/tr").text_content().split())
    assert "Chatten na schoolA running project · Privacy, E-inclusion" in row
    assert "Noor Klein" in row
    assert "CAW Voorbeeld" in row
    assert "1010divided" in row.replace(" ", "")  # one yes, none if there is place, one no, none for not me
    assert "1 review to come" in row
    assert "sent in" in row
    assert "will be accepted" in row


def test_an_empty_table_shows_the_first_step(organiser, call):
    assert "Nothing was sent in yet." in organiser.get(TABLE).text


def test_drafts_stand_apart(organiser, call):
    make.a_pitch("Nog niet af", status="draft")

    assert "Nog niet af" not in organiser.get(TABLE).text
    assert "Nog niet af" in organiser.get(TABLE + "?state=draft").text


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("?state=undecided", ["Chat", "Beeld"]),
        ("?state=pending", ["Privacy"]),
        ("?state=waitlisted", ["Reserve"]),
        ("?kind=question", ["Beeld"]),
        ("?theme=privacy", ["Privacy"]),
        ("?judging=none", ["Reserve", "Privacy", "Beeld"]),
        ("?judging=done", []),
        ("?judging=waits", ["Chat"]),
        ("?judging=unasked", ["Reserve", "Privacy", "Beeld"]),
        ("?q=noël", ["Beeld"]),
        ("?q=NOEL+vzw", ["Beeld"]),
        ("?q=chat", ["Chat"]),
        ("?q=100%25", []),
        ("?sort=title", ["Beeld", "Chat", "Privacy", "Reserve"]),
        ("?sort=-title", ["Reserve", "Privacy", "Chat", "Beeld"]),
        ("?sort=-advice", ["Chat", "Reserve", "Privacy", "Beeld"]),
        ("?sort=nonsense&state=nonsense&call=99&theme=%27&page=0", ["Reserve", "Privacy", "Chat", "Beeld"]),
    ],
)
def test_filters_search_and_order(organiser, call, jury, filters, found):
    beeld = make.a_pitch("Beeld", kind="question", author=None)
    make.an_author(beeld, "Noël Đặng", organisation="VZW Thuis")
    chat = make.a_pitch("Chat")
    judged(chat, jury, "yes", "maybe")
    make.a_pitch("Privacy", themes=["privacy"], pending="declined")
    make.a_pitch("Reserve", status="waitlisted", themes=["data_protection"])

    page = organiser.get(TABLE + filters)

    assert [
        title.removesuffix("A running project").split("A question")[0].split("A running")[0] for title in titles(page)
    ] == found


def test_where_everyone_judges_a_pitch_waits_for_the_whole_jury(organiser):
    call = make.a_call(make.an_edition(), judged_by="everyone")
    rik, rita = (make.a_reviewer(name, call=call) for name in ("Rik", "Rita"))
    half, whole, own = (make.a_pitch(title, call, kind="") for title in ("Half", "Heel", "Eigen"))
    for pitch, judge in ((half, rik), (whole, rik), (whole, rita), (own, rik)):
        make.a_review(pitch, judge)
    make.an_author(own, "Rita", role="co", person=rita)  # nobody judges their own

    assert titles(organiser.get(f"{TABLE}?judging=waits")) == ["Half"]
    assert titles(organiser.get(f"{TABLE}?judging=done&sort=title")) == ["Eigen", "Heel"]
    assert titles(organiser.get(f"{TABLE}?judging=unasked")) == []


def test_one_call_at_a_time(organiser, call):
    stands = make.a_call(call.edition, title="Stands")
    make.a_pitch("Bijdrage", call=call)
    make.a_pitch("Stand", call=stands)

    page = organiser.get(f"{TABLE}?call={stands.id}")

    assert "Stand" in titles(page)[0]
    assert len(titles(page)) == 1


@pytest.mark.slow
def test_as_many_statements_for_sixty_pitches_as_for_one(organiser, call, jury):
    judged(make.a_pitch("Pitch 0"), jury, "yes")
    with statements() as of_one:
        organiser.get(TABLE)
    for number in range(1, 61):
        judged(make.a_pitch(f"Pitch {number}"), jury, "yes", "no", "maybe")
    with statements() as of_sixty:
        page = organiser.get(TABLE)

    assert len(of_sixty) == len(of_one)
    assert "Page 1 of 2" in page.text
    assert len(titles(page)) == 50


def test_the_balance_shows_five_groups_and_counts_what_is_chosen(organiser, call):
    make.a_pitch("A", group="field", sectors=["youth_care"], themes=["privacy", "trust"])
    make.a_pitch("B", group="field", sectors=["youth_care", "ict"], pending="accepted")
    make.a_pitch("C", group="ict", status="confirmed")
    make.a_pitch("D", group="policy", status="draft")

    page = organiser.get(TABLE + "/balans")

    rows = {row.find("th").text_content(): [cell.text_content() for cell in row.findall("td[@class='number']")]
            for row in page.tree.findall(".//tbody/tr")}  # fmt: skip
    assert rows["Work field"] == ["2", "1"]
    assert rows["Research"] == ["0", "0"]
    assert rows["ICT"] == ["1", "1"]
    assert rows["Policy"] == ["0", "0"]
    assert rows["Youth care"] == ["2", "1"]
    assert rows["Privacy"] == ["1", "0"]
    assert "3 pitches were sent in, 2 are chosen." in page.text


HOSTILE = "=HYPERLINK(1)"


def test_the_export_holds_the_filtered_rows_and_calculates_nothing(organiser, call, jury):
    pitch = make.a_pitch(HOSTILE, summary="+1+1", status="waitlisted")
    judged(pitch, jury, "yes")
    make.a_pitch("Iets anders")

    organiser.get(TABLE + "/uitvoer/csv?state=waitlisted")
    lines = list(csv.reader(io.StringIO(organiser.response.get_data().decode("utf-8-sig")), delimiter=";"))
    organiser.get(TABLE + "/uitvoer/xlsx?state=waitlisted")
    sheet = openpyxl.load_workbook(io.BytesIO(organiser.response.get_data())).active

    assert len(lines) == 2
    row = dict(zip(lines[0], lines[1], strict=True))
    assert row["Title"] == "'" + HOSTILE
    assert row["In short"] == "'+1+1"
    assert row["Sent in by"] == "Noor Klein"
    assert row["Yes"] == "1"
    assert row["Reviews to come"] == "2"
    titles_of_sheet = [cell.value for cell in sheet[1]]
    cell = sheet[2][titles_of_sheet.index("Title")]
    assert (cell.value, cell.data_type) == (HOSTILE, "s")
    assert organiser.response.headers["Cache-Control"] == "no-store"


def test_an_export_in_another_form_is_not_there(organiser, call):
    organiser.get(TABLE + "/uitvoer/exe", expect=404)


@pytest.mark.parametrize("path", ["", "/balans", "/uitvoer/csv", "/beslissingen", "/beslissingen/mails", "/noteren"])
def test_only_organisers_of_this_edition_may_look(app, call, desk, mallory, visitor, path):
    oscar = signed_in(app, make.an_organiser("Oscar", make.an_edition("2031")))
    reviewer = signed_in(app, make.a_reviewer("Rik", call=call))

    for browser in (desk, mallory, oscar, reviewer):
        browser.get(TABLE + path, expect=404)
    visitor.get(TABLE + path, expect=302)
    assert db.session.query(Assignment).count() == 0


def test_the_load_makes_pitches_and_reviews_without_a_fault(app):
    load.load(load.Size("groot", sessions=1, speakers=1, registrations=1, pitches=20, reviews=60))
    db.session.commit()

    assert db.session.query(Pitch).count() == 20
    assert db.session.query(Review).count() == 60
    assert list(queries_faults.faults()) == []
