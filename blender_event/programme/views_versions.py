"""The public pages of earlier releases: what the programme was, and what changed from one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, render_template

from blender_event.core import templating
from blender_event.core.access import everyone, open_to
from blender_event.core.text import Words, _
from blender_event.programme import cards, labels, queries, timetable
from blender_event.programme.changes import Change, Difference
from blender_event.programme.models import Edition, Release
from blender_event.programme.snapshot import Programme
from blender_event.programme.views import answer, base_of, bp

KINDS: dict[str, tuple[str, Words]] = {
    "added": ("plus", _("New")),
    "removed": ("cross", _("Removed")),
    "cancelled": ("cross", _("Does not take place")),
    "restored": ("check", _("Takes place after all")),
    "changed": ("pencil", _("Changed")),
}
_FIELDS: dict[str, Words] = {
    "slot": _("Time"),
    "room": _("Room"),
    "place": _("Place"),
    "title": _("Title"),
    "speakers": _("Speakers"),
    "track": _("Theme"),
    "format": _("Format"),
    "mode": _("Attendance"),
    "level": _("Level"),
    "language": _("Language"),
    "capacity": _("Places"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as the public reads it: what was and what is, in words. `href` is empty when the session is gone."""

    icon: str
    kind: Words
    title: str
    href: str
    lines: tuple[tuple[Words, Words, Words], ...]
    text_changed: bool


@bp.get("/<edition:edition>/programma/versie")
@open_to(everyone)
def versions(edition: Edition) -> Response:
    """See how the programme changed over time."""
    return answer(edition, lambda: _versions(edition))


def _versions(edition: Edition) -> str:
    releases = queries.releases(edition)
    if not releases:
        abort(404)
    now = queries.published(edition)
    gone = set(queries.redacted(edition))
    voices = [voice for release in releases for voice in release.snapshot["voices"]]
    names = {voice["name"] for voice in voices if voice["uid"] not in gone}
    shown = [(release, _shown(release, now, names, edition)) for release in releases]
    return render_template("programme/versions.html", edition=edition, current_section="programma", releases=shown)


@bp.get("/<edition:edition>/programma/versie/<int:number>")
@open_to(everyone)
def version_page(edition: Edition, number: int) -> Response:
    """Read the programme as it was, and what changed then."""
    return answer(edition, lambda: _version_page(edition, number))


def _version_page(edition: Edition, number: int) -> str:
    release = queries.release_number(edition, number) if number < 2**31 else None
    programme = queries.published_number(edition, number) if release else None
    if release is None or programme is None:
        abort(404)
    previous = queries.published_number(edition, number - 1) if number > 1 else None
    names = {voice.name for one in (programme, previous) if one for voice in one.voices}
    deck = cards.deck(programme.points, programme, base_of(edition), templating.language())
    days, untimed = timetable.days(deck, programme.day.zone)
    return render_template(
        "programme/version.html",
        edition=edition,
        current_section="programma",
        release=release,
        changes=_shown(release, queries.published(edition), names, edition),
        days=days,
        untimed=untimed,
        level=4 if len(days) > 1 else 3,
    )


def _shown(release: Release, now: Programme | None, names: set[str], edition: Edition) -> list[Shown]:
    """The stored changes in words. Only `names` are shown: whoever was redacted since is in no version any more."""
    alive = {point.uid: point.slug for point in now.points} if now else {}
    base = base_of(edition)
    return [_one(change, alive, base, names, edition) for change in queries.changes_of(release)]


def _one(change: Change, alive: dict[str, str], base: str, names: set[str], edition: Edition) -> Shown:
    icon, kind = KINDS[change.kind]
    lines = [
        (_FIELDS[one.field], _value(one, one.was, names, edition), _value(one, one.now, names, edition))
        for one in change.differences
        if one.field in _FIELDS
    ]
    return Shown(
        icon=icon,
        kind=kind,
        title=change.title,
        href=f"{base}/{alive[change.uid]}" if change.uid in alive else "",
        lines=tuple(line for line in lines if line[1] or line[2]) if change.kind != "removed" else (),
        text_changed=any(one.field == "text" for one in change.differences),
    )


def _value(one: Difference, value: Any, names: set[str], edition: Edition) -> Words:
    """One stored value in words; empty when there was none."""
    if value is None or value in ("", []):
        return ""
    if one.field == "slot":
        return _slot(value, edition)
    if one.field == "speakers":
        return ", ".join(person for person in value if person in names or person.rpartition(" (")[0] in names)
    if one.field == "mode":
        ways = [labels.ATTENDANCES[way] for way, is_so in zip(("onsite", "online"), value, strict=True) if is_so]
        return " + ".join(str(way) for way in ways)
    named = {"level": labels.LEVELS, "language": labels.LANGUAGES}.get(one.field, {})
    return named.get(value, str(value))


def _slot(value: Sequence[str], edition: Edition) -> str:
    starts, ends = (datetime.fromisoformat(moment) for moment in value)
    hours = f"{templating.hour(starts, edition.zone)} – {templating.hour(ends, edition.zone)}"
    if edition.starts_on == edition.ends_on:
        return hours
    return f"{templating.day(starts, edition.zone, 'short')}, {hours}"
