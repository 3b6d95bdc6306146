"""What happens in a room, in order: the published programme, or the draft before anything is published."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from blender_event.core import uploads
from blender_event.programme import queries, queries_materials, rules_materials
from blender_event.programme.models import Edition, Room
from blender_event.programme.models_materials import Material, MaterialVersion


@dataclass(frozen=True, slots=True)
class Turn:
    """One session in a room: when, what, by whom, and everything it has, public or not."""

    starts_at: datetime
    ends_at: datetime
    title: str
    language: str
    people: tuple[str, ...]
    materials: tuple[Material, ...]

    def day(self, edition: Edition) -> date:
        return self.starts_at.astimezone(ZoneInfo(edition.zone)).date()


def turns(room: Room, edition: Edition) -> list[Turn]:
    """Everything that takes place in a room, breaks left out, in order of time."""
    by_uid: dict[str, list[Material]] = {}
    for material in queries_materials.of_edition(edition):
        by_uid.setdefault(material.session.uid, []).append(material)
    found = list(_published(room, edition, by_uid) if edition.has_programme else _drafted(room, edition, by_uid))
    return sorted(found, key=lambda turn: (turn.starts_at, turn.title))


def _published(room: Room, edition: Edition, by_uid: dict[str, list[Material]]) -> Iterator[Turn]:
    programme = queries.published(edition)
    for point in programme.points if programme else ():
        here = point.room is not None and point.room.uid == room.uid
        if not here or point.is_break or point.is_cancelled or point.starts_at is None or point.ends_at is None:
            continue
        people = tuple(voice.name for voice in point.speakers)
        materials = tuple(by_uid.get(point.uid, ()))
        yield Turn(point.starts_at, point.ends_at, point.title, point.language, people, materials)


def _drafted(room: Room, edition: Edition, by_uid: dict[str, list[Material]]) -> Iterator[Turn]:
    for session in queries.sessions(edition):
        is_break = session.format is not None and session.format.is_break
        if session.room_id != room.id or is_break or session.is_cancelled:
            continue
        if session.starts_at is None or session.ends_at is None:
            continue
        people = tuple(part.speaker.name for part in session.people)
        materials = tuple(by_uid.get(session.uid, ()))
        yield Turn(session.starts_at, session.ends_at, session.name, session.language, people, materials)


def of_day(found: Sequence[Turn], edition: Edition, today: date) -> list[Turn]:
    """The turns of today; on a day without any, those of the next day that has some, else of the last one."""
    days = sorted({turn.day(edition) for turn in found})
    shown = next((day for day in days if day >= today), days[-1] if days else today)
    return [turn for turn in found if turn.day(edition) == shown]


def in_the_zip(found: Iterable[Turn], edition: Edition) -> list[tuple[str, MaterialVersion]]:
    """The newest file of everything, under a name that sorts as the day goes: “01 10.00 Titel - bestand.pdf”."""
    named: list[tuple[str, MaterialVersion]] = []
    taken: set[str] = set()
    zone = ZoneInfo(edition.zone)
    for number, turn in enumerate(found, 1):
        local = turn.starts_at.astimezone(zone)
        for material in turn.materials:
            version = material.newest
            if version is None or not rules_materials.is_file(material):
                continue
            start = f"{number:02} {local:%H.%M} {_plain(turn.title, 60)} - "
            name = _free(start, uploads.shown_name(version.name), taken)
            taken.add(name.casefold())
            named.append((name, version))
    return named


def _free(start: str, name: str, taken: set[str]) -> str:
    """A name nobody has yet: the second “dias.pdf” of a session becomes “dias (2).pdf”."""
    stem, dot, ending = _plain(name, 120).rpartition(".")
    found = f"{start}{stem}{dot}{ending}"
    again = 2
    while found.casefold() in taken:
        found = f"{start}{stem} ({again}){dot}{ending}"
        again += 1
    return found


def _plain(words: str, longest: int) -> str:
    """Words as part of a file name everywhere: without what separates folders, names drives or means something to a shell."""
    safe = "".join("-" if character in '/\\:*?"<>|' else character for character in words)
    return " ".join(safe.split())[:longest].strip(" .") or "sessie"
