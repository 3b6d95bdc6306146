"""Calendars to subscribe to: the programme, parts of it, one session, one's own; and the page that offers them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from blender_event.calendars import feeds
from blender_event.calendars.feeds import Feed
from blender_event.core import headers, links
from blender_event.core.access import everyone, link_holder, open_to
from blender_event.core.caching import FEED_POLICY, Rendered
from blender_event.core.templating import language
from blender_event.core.text import _
from blender_event.programme import queries, queries_speakers
from blender_event.programme import views as programme_views
from blender_event.programme.models import Edition
from blender_event.registrations import queries as registration_queries

bp = Blueprint("calendars", __name__)
_TYPE = "text/calendar; charset=utf-8"


def _published(edition: Edition, make: Callable[[], Feed | None]) -> Response:
    """A public calendar from memory, or made; the same bytes for everybody as long as nothing changed."""
    return programme_views.published_answer(edition, lambda: _rendered(make() or abort(404)))


def _rendered(feed: Feed) -> Rendered:
    """Never compressed: an Outlook subscription only worked after that was switched off."""
    head = (("Content-Disposition", f'inline; filename="{feed.filename}"'), ("X-Robots-Tag", "noindex"))
    return Rendered(feed.body, _TYPE, FEED_POLICY, compress=False, last_modified=feed.changed_at, headers=head)


@bp.get("/<edition:edition>/programma.ics")
@open_to(everyone)
def programme_feed(edition: Edition) -> Response:
    """Keep the whole programme in one's own calendar."""
    return _published(
        edition,
        lambda: feeds.whole(
            edition,
            queries.published(edition),
            name=edition.title,
            source=links.address("calendars.programme_feed", language=language(), edition=edition.slug),
            language=language(),
        ),
    )


def _part(edition: Edition, choose: feeds.Choice, slug: str, part: str) -> Response:
    """The calendar of one theme, format or room of the published programme."""

    def make() -> Feed | None:
        programme = queries.published(edition)
        chosen = choose(programme, slug) if programme else None
        if programme is None or chosen is None:
            return None
        source = links.address(str(request.endpoint), language=language(), edition=edition.slug, slug=slug)
        name = f"{edition.title}: {chosen[0]}"
        return feeds.some(edition, programme, chosen[1], name=name, part=part, source=source, language=language())

    return _published(edition, make)


@bp.get("/<edition:edition>/programma/thema/<slug>.ics")
@open_to(everyone)
def track_feed(edition: Edition, slug: str) -> Response:
    """Follow one theme."""
    return _part(edition, feeds.of_track, slug, f"thema-{slug}")


@bp.get("/<edition:edition>/programma/vorm/<slug>.ics")
@open_to(everyone)
def format_feed(edition: Edition, slug: str) -> Response:
    """Follow one format."""
    return _part(edition, feeds.of_format, slug, f"vorm-{slug}")


@bp.get("/<edition:edition>/programma/zaal/<slug>.ics")
@open_to(everyone)
def room_feed(edition: Edition, slug: str) -> Response:
    """Follow one room: the door sign's calendar."""
    return _part(edition, feeds.of_room, slug, f"zaal-{slug}")


@bp.get("/<edition:edition>/sprekers/<speaker>.ics")
@open_to(everyone)
def speaker_feed(edition: Edition, speaker: str) -> Response:
    """Follow one speaker."""

    def make() -> Feed | None:
        programme = queries.published(edition)
        chosen = feeds.of_speaker(programme, speaker) if programme else None
        if programme is None or chosen is None:
            return None
        voice, points = chosen
        source = links.address("calendars.speaker_feed", language=language(), edition=edition.slug, speaker=voice.slug)
        name = f"{edition.title}: {voice.name}"
        part = f"spreker-{voice.code}"
        return feeds.some(edition, programme, points, name=name, part=part, source=source, language=language())

    return _published(edition, make)


@bp.get("/<edition:edition>/programma/<session>.ics")
@open_to(everyone)
def session_file(edition: Edition, session: str) -> Response:
    """Put one session in one's calendar."""

    def make() -> Feed | None:
        programme = queries.published(edition)
        point = programme.point(session) if programme else None
        return (
            feeds.one(edition, programme, point, name=edition.title, language=language())
            if programme and point
            else None
        )

    return _published(edition, make)


@bp.get("/agenda/<token>.ics")
@open_to(link_holder)
def personal_feed(token: str) -> ResponseReturnValue:
    """Keep one's own day, or as a speaker one's own sessions, in one's calendar, for whoever holds the address."""
    feed = _day_of(token) or _talks_of(token)
    if feed is None:
        return headers.personal(make_response(render_template("calendars/gone.html"), 404))
    response = headers.personal(Response(feed.body, content_type=_TYPE))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = f'inline; filename="{feed.filename}"'
    response.add_etag()
    response.last_modified = feed.changed_at
    return response.make_conditional(request)


def _day_of(token: str) -> Feed | None:
    registration = registration_queries.by_feed_token(token)
    if registration is None:
        return None
    edition = registration.edition
    name = str(_("My day at %(title)s", title=edition.title))
    return feeds.personal(registration, edition, queries.published(edition), name=name, language=language())


def _talks_of(token: str) -> Feed | None:
    speaker = queries_speakers.by_feed_token(token)
    edition = queries.edition_by_id(speaker.edition_id) if speaker else None
    if speaker is None or edition is None:
        return None
    name = str(_("My sessions at %(title)s", title=edition.title))
    return feeds.speaking(speaker, edition, queries.published(edition), name=name, language=language())


@bp.get("/<edition:edition>/agenda")
@open_to(everyone)
def subscribe(edition: Edition) -> Response:
    """Choose what to follow, and with which calendar."""
    return programme_views.answer(edition, lambda: _subscribe(edition))


def _subscribe(edition: Edition) -> str:
    programme = queries.published(edition)
    parts: list[tuple[Any, list[dict[str, str]]]] = []
    if programme:
        parts = [
            (_("Per theme"), [_offer("track_feed", edition, track.slug, track.name) for track in programme.tracks]),
            (
                _("Per format"),
                [
                    _offer("format_feed", edition, kind.slug, kind.name)
                    for kind in programme.formats
                    if not kind.is_break
                ],
            ),
            (_("Per room"), [_offer("room_feed", edition, room.slug, room.name) for room in programme.rooms]),
        ]
    return render_template(
        "calendars/subscribe.html",
        edition=edition,
        current_section="programma",
        address=links.address("calendars.programme_feed", language=language(), edition=edition.slug),
        download=links.path("calendars.programme_feed", language=language(), edition=edition.slug),
        is_day_only=programme is None or not any(point.has_slot for point in programme.points),
        parts=[(title, offers) for title, offers in parts if len(offers) > 1],
    )


def _offer(endpoint: str, edition: Edition, slug: str, name: str) -> dict[str, str]:
    """One part of the programme with the addresses to subscribe to it and to download it."""
    where = {"edition": edition.slug, "slug": slug}
    address = links.address(f"calendars.{endpoint}", language=language(), **where)
    path = links.path(f"calendars.{endpoint}", language=language(), **where)
    return {"name": name, "address": address, "path": path, "webcal": "webcal://" + address.partition("://")[2]}
