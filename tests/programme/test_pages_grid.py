"""The programme as a table of hours by rooms."""

import pytest

from tests import factories as make


@pytest.fixture
def edition(app):
    return make.an_edition()


def test_hours_go_down_and_rooms_across(edition, visitor):
    hall, loft = make.a_room("Hall", capacity=180, is_online=True), make.a_room("Loft", capacity=1)
    foyer = make.a_room("Foyer")
    pause = make.a_format("Pauze", is_break=True, is_plenary=True)
    make.a_session("Chat", room=hall)
    make.a_session("Apps", room=loft)
    make.a_session("Koffie", at="11:00", minutes=30, room=foyer, format_id=pause.id)
    make.a_release(edition)

    page = visitor.get("/2027/programma/rooster")

    assert page.rows() == [
        ["Tijd", "Hall 180 plaatsen, ook online", "Loft 1 plaats"],
        ["10.00 tot 11.00", "Hall Chat", "Loft Apps"],
        ["11.00 tot 11.30", "Koffie Foyer"],
    ]
    assert page.tree.xpath("//caption")[0].text_content() == "Programma van donderdag 24 september 2026 per uur en zaal"
    assert [head.get("scope") for head in page.tree.iter("th")] == ["col", "col", "col", "row", "row"]
    assert {cell.get("role") for cell in page.tree.iter("td")} == {"cell"}
    assert "2 sessies in 2 zalen" in page


def test_a_session_of_odd_length_runs_over_rows_and_says_its_hours(edition, visitor):
    hall, loft = make.a_room("Hall"), make.a_room("Loft")
    make.a_session("Lang", room=hall, minutes=120)
    make.a_session("Kort", room=loft)
    make.a_session("Later", room=loft, at="11:00")
    make.a_release(edition)

    page = visitor.get("/2027/programma/rooster")

    assert page.rows()[1:] == [
        ["10.00", "Hall Lang 10.00 – 12.00", "Loft Kort 10.00 – 11.00"],
        ["11.00 tot 12.00", "Loft Later"],
    ]
    assert page.tree.xpath("//td[.//a[text()='Lang']]/@rowspan") == ["2"]


def test_sessions_without_a_room_have_a_column_of_their_own(edition, visitor):
    make.a_session("Ergens")
    make.a_session("Elders")
    make.a_release(edition)

    page = visitor.get("/2027/programma/rooster")

    assert page.rows()[0] == ["Tijd", "Zaal nog niet bekend"]
    assert page.rows()[1] == ["10.00 tot 11.00", "Zaal nog niet bekend Elders Zaal nog niet bekend Ergens"]


def test_something_for_everyone_spans_the_table_with_its_people(edition, visitor):
    hall = make.a_room("Hall")
    keynote = make.a_format("Keynote", is_plenary=True)
    both = [make.a_speaker("Sam"), make.a_speaker("Alex")]
    make.a_session("Open deuren", at="09:00", room=hall, format_id=keynote.id, is_online=True, speakers=both)
    make.a_session("Chat", room=make.a_room("Loft"))
    make.a_session("Apps", room=hall)
    make.a_release(edition)

    page = visitor.get("/2027/programma/rooster")

    assert page.rows()[1] == ["9.00 tot 10.00", "Open deuren Keynote met Sam en Alex, Hall en online"]
    assert page.tree.xpath("//td/@colspan") == ["2"]


def test_a_cancelled_session_stays_crossed_out(edition, visitor):
    make.a_session("Chat", room=make.a_room("Hall"), status="cancelled")
    make.a_release(edition)

    page = visitor.get("/2027/programma/rooster")

    assert page.rows()[1] == ["10.00 tot 11.00", "Hall Chat Gaat niet door"]


def test_the_table_knows_the_same_filters(edition, visitor):
    make.a_session("Chat", room=make.a_room("Hall"))
    make.a_session("Apps", room=make.a_room("Loft"))
    make.a_release(edition)

    page = visitor.submit("/2027/programma/rooster", form="Zoek", room="loft")

    assert page.rows() == [["Tijd", "Loft"], ["10.00 tot 11.00", "Loft Apps"]]
    assert page.links["Loft haal deze filter weg×"] == "/2027/programma/rooster"


def test_an_overfull_programme_keeps_the_shape_of_the_table(edition, visitor):
    rooms = [make.a_room(f"Zaal {number}") for number in range(12)]
    for number, room in enumerate(rooms):
        for hour in (9, 10, 11):
            make.a_session(f"Sessie {number} om {hour}", at=f"{hour}:{5 * number:02d}", minutes=40 + number, room=room)
    make.a_release(edition)

    page = visitor.get("/2027/programma/rooster")

    widths = _widths(page.tree.xpath("//table")[0])
    assert widths == {13}


def _widths(table):
    """How many columns each row fills, cells that stand over several rows counted in all of them."""
    running, widths = {}, set()
    for row in table.iter("tr"):
        column, filled = 0, 0
        for left in list(running.values()):
            filled += left > 0
        for cell in row.xpath("./th|./td"):
            while running.get(column, 0):
                column += 1
            span, rows = int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))
            for place in range(column, column + span):
                running[place] = rows
            column += span
            filled += span
        widths.add(filled)
        running = {place: left - 1 for place, left in running.items()}
    return widths
