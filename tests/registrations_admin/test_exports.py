"""Exports: text stays text, needs stay with who may see them, and the log knows who took what."""

import csv
import io
import zipfile

import openpyxl
import pytest

from blender_event.audit.models import AuditEntry
from blender_event.core import spreadsheets
from blender_event.core.database import db
from blender_event.registrations import exports
from tests import factories as make
from tests.registrations_admin.conftest import LIST

FILE = LIST + "/uitvoer/bestand"
EVERY = "&".join(f"columns={name}" for name in exports.COLUMNS | exports.NEEDS_COLUMNS)
CANARY = "kanarie-allergie"
FORMULAS = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(1)", "＝1+1", "＋1", " =1+1", "=cmd|'/C calc'!A0"]


def as_rows(body):
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def as_cells(body):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows()]


def test_a_csv_file_holds_who_comes_in_the_words_of_the_page(olga, edition):
    make.a_registration(
        edition,
        first_name="José",
        last_name="Đặng",
        email="jose@example.org",
        organisation="CAW; Gent",
        attendance="online",
    )
    make.a_registration(edition, first_name="Cas", status="cancelled")

    page = olga.get(FILE + "?form=csv&status=active&columns=first_name&columns=organisation&columns=attendance")

    assert as_rows(page.body) == [["Deelname", "Voornaam", "Organisatie"], ["Online", "José", "CAW; Gent"]]
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert page.headers["Content-Disposition"] == "attachment; filename=inschrijvingen-2027-2026-06-16.csv"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_csv_file_is_calculated(olga, edition, formula):
    make.a_registration(edition, first_name="A", organisation=formula)

    (cell,) = as_rows(olga.get(FILE + "?form=csv&columns=organisation").body)[1]

    assert cell == f"'{formula}"


def test_line_ends_and_tabs_do_not_hide_a_formula():
    hidden = ["\t=1", "\r=1", "\n=1", " \t=1", "\u00a0=1", "\u3000＝1"]

    assert [spreadsheets.as_text(text) for text in hidden] == [f"'{text}" for text in hidden]


@pytest.mark.parametrize("words", ["a=b", "Jean-Paul", "09 123 45 67", "ann@example.org", "C++", "", "'t Zand"])
def test_ordinary_words_stay_as_they_are(words):
    assert spreadsheets.as_text(words) == words


@pytest.mark.parametrize("words", [*FORMULAS, "https://example.org", "0470", "1e5", "{=1}", "x" * 200])
def test_every_cell_of_a_workbook_is_text(olga, edition, words):
    make.a_registration(edition, first_name="A", organisation=words, phone="+32 9 123 45 67")

    _head, row = as_cells(olga.get(FILE + "?form=xlsx&columns=organisation&columns=phone").body)

    assert [(cell.value, cell.data_type) for cell in row] == [("+32 9 123 45 67", "s"), (words, "s")]
    assert row[1].hyperlink is None


def test_a_workbook_has_no_formula_in_its_bytes(olga, edition):
    make.a_registration(edition, first_name="A", organisation="=1+1")

    with zipfile.ZipFile(io.BytesIO(olga.get(FILE + "?form=xlsx").body)) as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_needs_leave_only_with_who_may_see_them(olga, organiser, edition, form):
    found = make.a_registration(edition, needs=CANARY)
    found.needs.choices = ["vegan"]
    db.session.commit()

    without = olga.get(f"{FILE}?form={form}&{EVERY}").body
    with_right = organiser.get(f"{FILE}?form={form}&{EVERY}").body
    read = (
        (lambda body: str([[cell.value for cell in row] for row in as_cells(body)])) if form == "xlsx" else bytes.decode
    )
    text = [read(without), read(with_right)]

    assert CANARY not in text[0]
    assert "Veganistisch" not in text[0]
    assert CANARY in text[1]
    assert "Veganistische maaltijd" in text[1]


def test_needs_do_not_come_along_unasked(organiser, edition):
    make.a_registration(edition, needs=CANARY)

    assert CANARY.encode() not in organiser.get(FILE + "?form=csv").body
    page = organiser.get(LIST + "/uitvoer")
    assert {"choices", "needs_words"}.isdisjoint(page.form("Download").values()["columns"])


def test_each_export_is_in_the_log(olga, edition):
    olga.get(FILE + "?form=csv&columns=email&columns=phone&status=waiting")

    entry = db.session.query(AuditEntry).filter_by(action="registrations exported").one()
    assert entry.new == {"form": "csv", "who": "waiting", "columns": ["email", "phone"]}
    assert entry.edition_id == edition.id


@pytest.mark.parametrize(
    "query", ["form=pdf", "form=csv&status=x", "form=csv&attendance=x", "form=csv&columns=password"]
)
def test_what_cannot_be_exported_is_not_there(olga, edition, query):
    olga.get(f"{FILE}?{query}", expect=404)


def test_others_export_nothing(oscar, helper, mallory, visitor, edition):
    make.a_registration(edition)
    for browser in (oscar, helper, mallory):
        browser.get(LIST + "/uitvoer", expect=404)
        browser.get(FILE + "?form=csv", expect=404)
        browser.get(LIST + "/aanwezigheidslijst", expect=404)
    visitor.get(FILE, expect=302)
    assert db.session.query(AuditEntry).filter_by(action="registrations exported").count() == 0


def test_another_edition_does_not_come_along(olga, edition, elsewhere):
    make.a_registration(elsewhere, first_name="Kanarie")

    assert b"Kanarie" not in olga.get(FILE + "?form=csv&status=").body


def test_the_attendance_list_has_room_to_sign(olga, edition):
    make.a_registration(edition, first_name="Jane", last_name="Addams")
    make.a_registration(edition, first_name="Wim", status="waiting")
    make.a_registration(edition, first_name="Ola", attendance="online")

    page = olga.get(LIST + "/aanwezigheidslijst")

    assert page.rows() == [["Naam", "Voornaam", "Organisatie", "Handtekening"], ["Addams", "Jane", "–", ""]]
