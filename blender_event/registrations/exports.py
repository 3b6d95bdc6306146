"""Registrations to take along as rows of text, and needs only for who may see them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blender_event.core.text import Words, _
from blender_event.programme.labels_people import GROUPS, SECTORS
from blender_event.registrations import labels
from blender_event.registrations.forms import ATTENDANCES, NEEDS

COLUMNS: dict[str, Words] = {
    "reference": _("Code"),
    "status": _("State"),
    "attendance": _("Takes part"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("E-mail address"),
    "phone": _("Phone"),
    "organisation": _("Organisation"),
    "job_title": _("Job title"),
    "group": _("Group"),
    "sectors": _("Sectors"),
    "brings_seeks": _("Brings and looks for"),
    "listed": _("In the list of participants"),
    "language": _("Language of the mails"),
    "team_name": _("Registered by colleague"),
    "source": _("Registered by"),
    "created_at": _("Registered on"),
    "confirmed_at": _("Place since"),
    "cancelled_at": _("Cancelled on"),
    "verified_at": _("Address confirmed on"),
    "note": _("Note, for organisers only"),
}
NEEDS_COLUMNS: dict[str, Words] = {"choices": _("Needs"), "needs_words": _("Needs in own words")}
USUAL = (
    "status",
    "attendance",
    "first_name",
    "last_name",
    "email",
    "phone",
    "organisation",
    "job_title",
    "group",
    "created_at",
)
WHO: dict[str, Words] = {
    "active": _("Everybody who comes or waits"),
    "": _("Everybody, cancelled ones too"),
    **labels.STATUSES,
}


def offered(*, sees_needs: bool) -> dict[str, Words]:
    """The columns somebody may take along."""
    return COLUMNS | NEEDS_COLUMNS if sees_needs else dict(COLUMNS)


def table(rows: Iterable[Any], columns: list[str], zone: str) -> Iterator[list[str]]:
    """The head and every row as text, one at a time."""
    titles = COLUMNS | NEEDS_COLUMNS
    yield [str(titles[column]) for column in columns]
    writers = [_writer(column, ZoneInfo(zone)) for column in columns]
    for row in rows:
        yield [write(row) for write in writers]


def _writer(column: str, zone: ZoneInfo) -> Callable[[Any], str]:
    """How one column is read from a row. Words are looked up once, not for each row."""
    if column in ("team_name", "needs_words"):
        return lambda row: getattr(row, column) or ""
    if column == "choices":
        needs = _said(NEEDS)
        return lambda row: ", ".join(needs.get(need, need) for need in row.choices or ())
    if column == "sectors":
        sectors = _said(SECTORS)
        return lambda row: ", ".join(sectors.get(sector, sector) for sector in row[0].sectors)
    if column == "listed":
        yes, no = str(_("yes")), str(_("no"))
        return lambda row: yes if row[0].listed else no
    if column.endswith("_at"):
        return lambda row: _moment(getattr(row[0], column), zone)
    kinds = {
        "status": labels.STATUSES,
        "attendance": ATTENDANCES,
        "group": GROUPS,
        "source": labels.SOURCES,
        "language": labels.LANGUAGES,
    }
    if column in kinds:
        words = _said(kinds[column])
        return lambda row: words.get(getattr(row[0], column), getattr(row[0], column))
    return lambda row: getattr(row[0], column) or ""


def _said(words: dict[str, Words]) -> dict[str, str]:
    return {key: str(value) for key, value in words.items()}


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment is not None else ""
