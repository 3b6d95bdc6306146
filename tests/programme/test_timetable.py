"""The day as list and as table, for any programme: plain values, no database."""

from datetime import UTC, datetime, timedelta

from blender_event.programme import timetable
from blender_event.programme.cards import Card
from blender_event.programme.snapshot import Place

ZONE = "Europe/Brussels"
HALL = Place("hall", "hall", "Hall")
LOFT = Place("loft", "loft", "Loft")
ROOMS = (HALL, LOFT)


def a_card(title, at, minutes=60, room=HALL, day=24, *, plenary=False, is_break=False, cancelled=False):
    hour, minute = map(int, at.split(":"))
    starts = datetime(2026, 9, day, hour, minute, tzinfo=UTC) - timedelta(hours=2)
    return Card(
        uid=title,
        title=title,
        language="",
        href=f"/2027/programma/{title}",
        track=None,
        format_name="",
        room=room,
        room_name=room.name if room else "",
        onsite=True,
        online=False,
        speakers=(),
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        cancelled=cancelled,
        plenary=plenary,
        is_break=is_break,
        capacity=None,
        level="",
    )


def a_day(*cards):
    days, _untimed = timetable.days(cards, ZONE)
    return days[0]


def drawn(grid):
    """The table as words: per row the hour's rows, then each cell as (titles, rows)."""
    return [
        (
            row.head,
            row.span.title
            if row.span
            else [(" ".join(card.title for card in cell.cards), cell.rows) for _room, cell in row.cells],
        )
        for row in grid.rows
    ]


def test_sessions_of_one_moment_stand_together_and_breaks_apart():
    day = a_day(a_card("a", "10:00"), a_card("b", "10:00", room=LOFT), a_card("coffee", "10:00", is_break=True))

    assert [card.title for card in day.slots[0].cards] == ["a", "b"]
    assert [card.title for card in day.slots[0].breaks] == ["coffee"]
    assert day.slots[0].round == 1


def test_a_moment_says_its_end_only_when_all_sessions_share_it():
    same = a_day(a_card("a", "10:00"), a_card("b", "10:00", room=LOFT))
    odd = a_day(a_card("a", "10:00"), a_card("b", "10:00", minutes=90, room=LOFT))

    assert same.slots[0].ends_at == datetime(2026, 9, 24, 9, 0, tzinfo=UTC)
    assert odd.slots[0].ends_at is None


def test_one_session_beside_a_cancelled_one_is_no_round():
    day = a_day(a_card("a", "10:00"), a_card("b", "10:00", room=LOFT, cancelled=True))

    assert day.slots[0].alive == 1
    assert day.slots[0].round == 0


def test_a_session_over_midnight_stands_on_both_days():
    days, _untimed = timetable.days([a_card("night", "23:00", 150), a_card("morning", "09:00", day=25)], ZONE)

    assert [day.date.day for day in days] == [24, 25]
    assert [card.title for card in days[0].carried] == []
    assert [card.title for card in days[1].carried] == ["night"]


def test_a_session_that_ends_at_midnight_belongs_to_one_day():
    days, _untimed = timetable.days([a_card("late", "23:00", 60), a_card("morning", "09:00", day=25)], ZONE)

    assert days[1].carried == []


def test_a_long_session_stands_over_the_rows_that_begin_meanwhile():
    grid = timetable.grid(
        a_day(a_card("long", "10:00", 120), a_card("a", "10:00", room=LOFT), a_card("b", "11:00", room=LOFT)), ROOMS
    )

    assert drawn(grid) == [(1, [("long", 2), ("a", 1)]), (1, [("b", 1)])]


def test_something_for_everyone_crosses_the_table_and_cuts_long_sessions():
    grid = timetable.grid(
        a_day(
            a_card("long", "10:00", 120),
            a_card("lunch", "11:00", is_break=True, room=None),
            a_card("b", "11:30", room=LOFT),
        ),
        ROOMS,
    )

    assert drawn(grid) == [(1, [("long", 1), ("", 1)]), (1, "lunch"), (1, [("", 1), ("b", 1)])]


def test_rooms_with_only_plenary_sessions_get_no_column():
    grid = timetable.grid(a_day(a_card("keynote", "09:00", plenary=True), a_card("a", "10:00", room=LOFT)), ROOMS)

    assert [room.name for room in grid.columns] == ["Loft"]
    assert drawn(grid) == [(1, "keynote"), (1, [("a", 1)])]


def test_sessions_without_a_room_share_one_column_at_the_end():
    grid = timetable.grid(
        a_day(a_card("a", "10:00"), a_card("b", "10:00", room=None), a_card("c", "10:00", room=None)), ROOMS
    )

    assert grid.columns == [HALL, None]
    assert drawn(grid) == [(1, [("a", 1), ("b c", 1)])]


def test_a_cancelled_session_and_its_successor_share_a_cell():
    grid = timetable.grid(a_day(a_card("old", "10:00", cancelled=True), a_card("new", "10:00")), ROOMS)

    assert drawn(grid) == [(1, [("old new", 1)])]


def test_a_day_of_breaks_alone_is_a_table_without_columns():
    grid = timetable.grid(a_day(a_card("coffee", "10:00", is_break=True)), ROOMS)

    assert grid.columns == []
    assert drawn(grid) == [(1, "coffee")]


def test_every_row_of_any_table_is_as_wide_as_its_columns():
    cards = [
        a_card(
            f"s{number}",
            f"{9 + number // 3}:{15 * (number % 4):02d}",
            30 + 25 * (number % 5),
            (HALL, LOFT, None)[number % 3],
            plenary=number % 7 == 0,
        )
        for number in range(24)
    ]
    grid = timetable.grid(a_day(*cards), ROOMS)
    running = dict.fromkeys(range(len(grid.columns)), 0)
    for row in grid.rows:
        free = [column for column, left in running.items() if not left]
        if row.span:
            assert len(free) == len(grid.columns)
            continue
        assert len(row.cells) == len(free)
        for column in running:
            running[column] = max(0, running[column] - 1)
        for column, (_room, cell) in zip(free, row.cells, strict=True):
            running[column] = cell.rows - 1
    assert (
        sum(len(cell.cards) for row in grid.rows for _room, cell in row.cells) + sum(1 for row in grid.rows if row.span)
        == 24
    )


def test_the_day_in_short_has_at_most_eight_lines_and_loses_short_breaks_first():
    cards = [a_card(f"s{hour}", f"{hour}:00", 45) for hour in range(9, 17)]
    day = a_day(*cards, a_card("coffee", "10:45", 15, is_break=True), a_card("lunch", "11:45", 60, is_break=True))

    assert [slot.starts_at.hour + 2 for slot in timetable.outline(day)] == [9, 10, 11, 12, 13, 14, 15, 16]
    assert [slot.starts_at.hour + 2 for slot in timetable.outline(day, most=9)] == [9, 10, 11, 11, 12, 13, 14, 15, 16]
