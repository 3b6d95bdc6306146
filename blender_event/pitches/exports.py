"""Pitches to take along, as rows of text for a spreadsheet: for organisers only, names included."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from blender_event.core.text import Words, _
from blender_event.pitches import labels, labels_decisions, queries_judging
from blender_event.pitches.models import Author, Pitch
from blender_event.pitches.queries_judging import Judged
from blender_event.programme import labels_people

COLUMNS: dict[str, Words] = {
    "code": _("Code"),
    "call": _("Call"),
    "title": _("Title"),
    "status": _("State"),
    "pending": _("Decision, not told yet"),
    "kind": _("Kind"),
    "authors": _("Sent in by"),
    "organisations": _("Organisation"),
    "emails": _("E-mail address"),
    "yes": _("Yes"),
    "maybe": _("If there is place"),
    "no": _("No"),
    "not_mine": _("Not for me"),
    "missing": _("Reviews to come"),
    "score": _("Score"),
    "group": _("Group"),
    "sectors": _("Sectors"),
    "themes": _("Themes"),
    "technology": _("Technology"),
    "stage": _("Stage"),
    "format_slug": _("Format"),
    "most_participants": _("At most so many participants"),
    "language": _("Language"),
    "summary": _("In short"),
    "what": _("What is it?"),
    "for_whom": _("For whom?"),
    "result": _("What comes of it?"),
    "partners": _("Partners"),
    "practical": _("Practical"),
    "agreed_public": _("May be shown"),
    "submitted_at": _("Sent in on"),
    "told_at": _("Told on"),
}
_BATCH = 200
_ADVICES = frozenset({"yes", "maybe", "no", "not_mine"})


def table(pitches: Iterable[Pitch], zone: str) -> Iterator[list[str]]:
    """The head and every pitch as text, a few hundred at a time."""
    yield [str(words) for words in COLUMNS.values()]
    writers = [_writer(column, ZoneInfo(zone)) for column in COLUMNS]
    for part in _parts(pitches):
        judged = queries_judging.judged(pitch.id for pitch in part)
        for pitch in part:
            yield [write(pitch, judged[pitch.id]) for write in writers]


def _parts(pitches: Iterable[Pitch]) -> Iterator[list[Pitch]]:
    part: list[Pitch] = []
    for pitch in pitches:
        part.append(pitch)
        if len(part) == _BATCH:
            yield part
            part = []
    if part:
        yield part


def _writer(column: str, zone: ZoneInfo) -> Callable[[Pitch, Judged], str]:
    """How one column is read. Words are looked up once, not for each row."""
    lists = {
        "sectors": labels_people.SECTORS, "themes": labels.THEMES, "technology": labels.TECHNOLOGY,
    }  # fmt: skip
    codes = {
        "status": labels.STATES, "pending": labels_decisions.DECISIONS, "kind": labels.KINDS, "group": labels_people.GROUPS,
        "stage": labels.STAGES,
    }  # fmt: skip
    if column in lists:
        return lambda pitch, _judged: ", ".join(labels.said(getattr(pitch, column), lists[column]))
    if column in codes:
        said = {code: str(words) for code, words in codes[column].items()}
        return lambda pitch, _judged: said.get(getattr(pitch, column) or "", getattr(pitch, column) or "")
    if column in _ADVICES:
        return lambda _pitch, judged: str(judged.advices[column])
    if column in ("missing", "score"):
        return lambda _pitch, judged: str(getattr(judged, column) if getattr(judged, column) is not None else "")
    if column.endswith("_at"):
        return lambda pitch, _judged: _moment(getattr(pitch, column), zone)
    if column in ("authors", "organisations", "emails"):
        return lambda pitch, _judged: _of_authors(pitch.authors, column)
    if column == "call":
        return lambda pitch, _judged: pitch.call.title
    if column == "agreed_public":
        yes, no = str(_("yes")), str(_("no"))
        return lambda pitch, _judged: yes if pitch.agreed_public else no
    return lambda pitch, _judged: str(getattr(pitch, column) or "")


def _of_authors(authors: Iterable[Author], column: str) -> str:
    field = {"authors": "name", "organisations": "organisation", "emails": "email"}[column]
    known = [getattr(author, field) for author in authors if author.status == "accepted"]
    return ", ".join(dict.fromkeys(words for words in known if words))


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment is not None else ""
