"""The public pages of an edition: the day itself, its programme as list and table, a session, the speakers."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy import Connection

from blender_event.core import caching, clock, markdown, templating
from blender_event.core.access import everyone, open_to
from blender_event.core.caching import Facts, Rendered
from blender_event.core.text import _
from blender_event.programme import (
    cards,
    facts,
    labels,
    labels_materials,
    linked_data,
    queries,
    queries_materials,
    rules,
    rules_materials,
    selection,
    timetable,
)
from blender_event.programme.facts import OpenCalls, Seats
from blender_event.programme.models import Edition
from blender_event.programme.models_materials import Material
from blender_event.programme.snapshot import Point, Programme

bp = Blueprint("programme", __name__)


@bp.app_context_processor
def edition_words() -> dict[str, Any]:
    """What every layout may ask of an edition."""
    return {
        "edition_name": labels.edition_name,
        "edition_year": labels.edition_year,
        "has_sessions": has_sessions,
        "registration_phase": lambda edition: rules.registration_phase(edition, clock.now()),
    }


def has_sessions(edition: Edition) -> bool:
    """Whether there is a programme to look at: a meeting may have speakers and no sessions."""
    programme = queries.published(edition)
    return programme is not None and bool(programme.points)


def answer(edition: Edition, render: Callable[[], str], *dated: Any) -> Response:
    """The page from memory, or rendered; it depends on the edition's revision, on the phase of registering and on `dated`."""
    again = None if dated else partial(_facts_again, edition.id)
    return caching.answer((*_facts(edition), *dated), lambda: Rendered(render().encode()), again)


def _facts(edition: Edition) -> Facts:
    return *shown_facts(edition), rules.registration_phase(edition, clock.now())


def shown_facts(edition: Edition) -> Facts:
    """What a feed or file of an edition depends on: its revision, and how many promised materials are public by now."""
    return edition.uid, edition.public_revision, rules_materials.passed(edition, clock.now())


def _facts_again(edition_id: int, connection: Connection) -> Facts | None:
    edition = queries.as_shown(connection, edition_id)
    return _facts(edition) if edition else None


def published_answer(edition: Edition, render: Callable[[], Rendered]) -> Response:
    """A feed or file from memory, or made; it depends on the edition's revision, and on which promised moments passed."""
    return caching.answer(shown_facts(edition), render, partial(_shown_again, edition.id))


def _shown_again(edition_id: int, connection: Connection) -> Facts | None:
    edition = queries.as_shown(connection, edition_id)
    return shown_facts(edition) if edition else None


@caching.kept_for(10, clock.now)
def kept_seats(edition_id: int) -> Seats | None:
    """Places taken in an edition, at most ten seconds old (PRODUCT §4)."""
    edition = queries.edition_by_id(edition_id)
    return facts.seats(edition) if edition else None


def published_or_404(edition: Edition) -> Programme:
    programme = queries.published(edition)
    if programme is None:
        abort(404)
    return programme


def base_of(edition: Edition) -> str:
    """The address of the programme: sessions stand under it."""
    return url_for("programme.programme_list", edition=edition.slug)


@bp.get("/<edition:edition>")
@open_to(everyone)
def edition_page(edition: Edition) -> Response:
    """See when, where and for whom the day is, and what can be done now."""
    now = clock.now()
    phase = rules.registration_phase(edition, now)
    seats = kept_seats(edition.id) if phase == "open" else None
    calls = facts.open_calls(edition, now)
    return answer(edition, lambda: _edition_page(edition, phase, seats, calls), seats, calls)


def _edition_page(edition: Edition, phase: str, seats: Seats | None, calls: OpenCalls) -> str:
    programme = queries.published(edition)
    language = templating.language()
    deck = cards.deck(programme.points, programme, base_of(edition), language) if programme else []
    days, untimed = timetable.days(deck, edition.zone)
    lead, rest = markdown.parted(edition.intro_html)
    return render_template(
        "programme/edition.html",
        edition=edition,
        current_section="editie",
        phase=phase,
        seats=seats,
        open_calls=calls,
        programme=programme,
        days=[(day, timetable.outline(day)) for day in days],
        untimed=[card for card in untimed if not card.is_break],
        voices=programme.voices if programme else (),
        themes=cards.marks(programme) if programme else [],
        ordinal=labels.ordinal_label(edition),
        intro_lead=lead,
        intro_rest=markdown.beneath(rest, 3),
        route=markdown.beneath(edition.route_html, 3),
        accessibility=markdown.beneath(edition.accessibility_html, 3),
        accessibility_lead=markdown.first_paragraph(edition.accessibility_html),
        linked_data=linked_data.edition(edition, _plain_name(edition), language),
    )


def _plain_name(edition: Edition) -> str:
    name = str(labels.edition_name(edition))
    return f"{name} ({_('example')})" if edition.is_example else name


@bp.get("/<edition:edition>/programma")
@open_to(everyone)
def programme_list(edition: Edition) -> Response:
    """Read the programme from morning to evening, and filter it."""
    return answer(edition, lambda: _programme(edition, "programme/list.html"))


@bp.get("/<edition:edition>/programma/rooster")
@open_to(everyone)
def programme_grid(edition: Edition) -> Response:
    """See what goes on at the same time, by hour and room."""
    return answer(edition, lambda: _programme(edition, "programme/grid.html"))


def _programme(edition: Edition, template: str) -> str:
    """The programme as list or table; both know the same filters."""
    programme = published_or_404(edition)
    wanted = selection.chosen(request.args, programme)
    points = wanted.of(programme.points)
    deck = cards.deck(points, programme, base_of(edition), templating.language())
    days, untimed = timetable.days(deck, edition.zone)
    grids = [timetable.grid(day, programme.rooms) for day in days] if template.endswith("grid.html") else []
    return render_template(
        template,
        edition=edition,
        current_section="programma",
        programme=programme,
        wanted=wanted,
        fields=_fields(wanted, programme),
        chips=_chips(wanted, programme, edition),
        days=days,
        grids=grids,
        rooms=len({room.uid for grid in grids for room in grid.columns if room}),
        untimed=untimed,
        count=sum(1 for card in deck if not card.is_break),
        level=3 if len(days) > 1 else 2,
    )


def _fields(wanted: selection.Selection, programme: Programme) -> list[tuple[str, list[tuple[str, Any]], str]]:
    """The select fields: name, choices as (value, words), and what is chosen."""
    return [
        (choice.name, [(value, _choice_words(choice.name, value, programme)) for value in choice.values], choice.chosen)
        for choice in wanted.choices
    ]


def _choice_words(name: str, value: str, programme: Programme) -> Any:
    """How a filter's value reads."""
    named: dict[str, tuple[Any, ...]] = {
        "track": programme.tracks,
        "format": programme.formats,
        "room": programme.rooms,
    }
    if name in named:
        return next(one.name for one in named[name] if one.slug == value)
    if name == "day":
        return templating.day(date.fromisoformat(value))
    words = {"level": labels.LEVELS, "language": labels.LANGUAGES, "attendance": labels.ATTENDANCES}[name]
    return words.get(value, value)


def _chips(wanted: selection.Selection, programme: Programme, edition: Edition) -> list[dict[str, Any]]:
    """The filters in use, each with the address of this page without it."""
    here = request.endpoint or "programme.programme_list"
    return [
        {
            "label": f"“{value}”" if name == "q" else _choice_words(name, value, programme),
            "href": url_for(here, **{"edition": edition.slug} | wanted.without(name)),  # type: ignore[arg-type]
        }
        for name, value in wanted.active.items()
    ]


@bp.get("/<edition:edition>/programma/<session>")
@open_to(everyone)
def session_page(edition: Edition, session: str) -> Response:
    """Read about one session, and put it in a calendar."""
    return answer(edition, lambda: _session_page(edition, session))


def _session_page(edition: Edition, session: str) -> str:
    programme = published_or_404(edition)
    point = programme.point(session)
    if point is None:
        abort(404)
    if point.slug != session:
        abort(redirect(url_for(".session_page", edition=edition.slug, session=point.slug), 301))
    language = templating.language()
    deck = cards.deck(programme.points, programme, base_of(edition), language)
    before, after = _neighbours(deck, point)
    card = next(card for card in deck if card.uid == point.uid)
    beside = {other.uid for other in programme.beside(point)}
    return render_template(
        "programme/session.html",
        edition=edition,
        current_section="programma",
        session=card,
        point=point,
        parallel=[other for other in deck if other.uid in beside],
        before=before,
        after=after,
        round=_round(deck, point, edition),
        people=_people(point, edition),
        level_name=labels.level_name(point.level),
        language_name=labels.language_name(point.language),
        description=markdown.beneath(point.description_html, 2),
        linked_data=linked_data.session(point, edition, _plain_name(edition), language),
        **_materials(point, edition, language),
    )


def _materials(point: Point, edition: Edition, language: str) -> dict[str, Any]:
    """What belongs to a session and everybody may have now, and what is promised for later."""
    ending, now = rules_materials.Ending.of(point), clock.now()
    rows = queries_materials.of_uid(edition, point.uid)
    shown = [row for row in rows if rules_materials.is_shown(row, ending, edition, now)]
    promised = [row for row in rows if rules_materials.is_promised(row, ending, edition, now)]
    return {
        "materials": [_material(row, edition, language) for row in shown],
        "promised": labels_materials.promise(promised),
    }


def _material(row: Material, edition: Edition, language: str) -> dict[str, Any]:
    version = rules_materials.public_version(row)
    at: dict[str, Any] = {"edition": edition.slug, "code": row.code}
    has_picture = version is not None and version.picture is not None
    return {
        "material": row,
        "version": version,
        "href": url_for("materials.newest", **at),
        "picture": url_for("materials.preview", **at, number=version.number) if version and has_picture else None,
        "facts": labels_materials.facts(row, version, language),
        "licence_href": labels_materials.LICENCE_PAGES.get(row.licence),
    }


def _people(point: Point, edition: Edition) -> list[dict[str, str]]:
    """Who is in a session: name, page, and what they are; a host or moderator is named as such."""
    base = url_for("programme.speakers", edition=edition.slug)
    return [
        {
            "name": part.voice.name,
            "href": f"{base}/{part.voice.slug}",
            "portrait": f"{base}/{part.voice.slug}/portret/{part.voice.portrait}.jpg" if part.voice.portrait else "",
            "about": ", ".join(
                str(words)
                for words in (
                    labels.ROLES[part.role] if part.role != "speaker" else "",
                    part.voice.role,
                    part.voice.organisation,
                    part.voice.unit,
                )
                if words
            ),
        }
        for part in point.parts
    ]


def _round(deck: list[cards.Card], point: Point, edition: Edition) -> int:
    """Which choice of its day a session belongs to; 0 when there is nothing to choose."""
    days, _untimed = timetable.days(deck, edition.zone)
    return next((slot.round for day in days for slot in day.slots if slot.starts_at == point.starts_at), 0)


def _neighbours(deck: list[cards.Card], point: Point) -> tuple[cards.Card | None, cards.Card | None]:
    """The sessions before and after in the order of the programme, breaks left out."""
    place = next(number for number, card in enumerate(deck) if card.uid == point.uid)
    before = next((card for card in reversed(deck[:place]) if not card.is_break), None)
    after = next((card for card in deck[place + 1 :] if not card.is_break), None)
    return before, after


@bp.get("/<edition:edition>/sprekers")
@open_to(everyone)
def speakers(edition: Edition) -> Response:
    """See who speaks."""
    return answer(edition, lambda: _speakers(edition))


def _speakers(edition: Edition) -> str:
    programme = published_or_404(edition)
    return render_template(
        "programme/speakers.html", edition=edition, current_section="sprekers", voices=programme.voices
    )


@bp.get("/<edition:edition>/sprekers/<speaker>")
@open_to(everyone)
def speaker_page(edition: Edition, speaker: str) -> Response:
    """Read about somebody who speaks, and what they do here."""
    return answer(edition, lambda: _speaker_page(edition, speaker))


def _speaker_page(edition: Edition, speaker: str) -> str:
    programme = published_or_404(edition)
    voice = programme.voice(speaker)
    if voice is None:
        abort(404)
    if voice.slug != speaker:
        abort(redirect(url_for(".speaker_page", edition=edition.slug, speaker=voice.slug), 301))
    points = programme.points_of(voice)
    deck = cards.deck(points, programme, base_of(edition), templating.language())
    days, untimed = timetable.days(deck, edition.zone)
    return render_template(
        "programme/speaker.html",
        edition=edition,
        current_section="sprekers",
        voice=voice,
        days=days,
        untimed=untimed,
        level=4 if len(days) > 1 else 3,
        biography=markdown.beneath(voice.biography_html, 2),
    )
