"""The public read API: what is released, as JSON, for any program anywhere. Described at /api/v1/openapi.json."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response
from flask_smorest import Api, Blueprint
from werkzeug.exceptions import NotFound

from blender_event.api import schemas
from blender_event.core import caching
from blender_event.core.access import everyone, open_to
from blender_event.core.caching import PAGE_POLICY, Rendered
from blender_event.core.headers import OPEN_DATA
from blender_event.core.templating import language
from blender_event.programme import exchange, queries, queries_materials
from blender_event.programme import views as programme_views
from blender_event.programme.converters import EditionConverter
from blender_event.programme.models import Edition
from blender_event.programme.snapshot import Point, Programme

bp = Blueprint("api", __name__, url_prefix="/api/v1", description="Editions and their published programmes")


class OurApi(Api):  # type: ignore[misc]
    """flask-smorest without its error handler, which answers JSON to every 404 of the app: `pages` answers errors."""

    def _register_error_handlers(self) -> None:
        return None


def init_app(app: Flask) -> None:
    """Register the API and its description."""
    app.config |= {
        "API_TITLE": "Blender",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }
    api = OurApi(app)
    api.register_converter(EditionConverter, _edition_parameter)
    api.register_blueprint(bp)
    document = json.dumps(api.spec.to_dict(), ensure_ascii=False, indent=1).encode()

    @open_to(everyone)
    def openapi_json() -> Response:
        """Read how to ask."""
        return caching.answer((), lambda: Rendered(document, "application/json", PAGE_POLICY, headers=OPEN_DATA))

    app.view_functions["api-docs.openapi_json"] = openapi_json


def _answer(facts: tuple[Any, ...], make: Callable[[], Any]) -> Response:
    """JSON from memory, or made."""

    def render() -> Rendered:
        body = json.dumps(make(), ensure_ascii=False, separators=(",", ":")).encode()
        return Rendered(body, "application/json", PAGE_POLICY, headers=OPEN_DATA)

    return caching.answer(facts, render)


def _of(edition: Edition, make: Callable[[Programme | None], Any]) -> Response:
    return _answer(programme_views.shown_facts(edition), lambda: make(queries.published(edition)))


def _edition_parameter(converter: EditionConverter) -> dict[str, str]:
    return {"type": "string", "pattern": f"^{converter.regex}$"}


_SESSION = {"name": "session", "in": "path", "schema": {"type": "string", "pattern": schemas.SLUG}}


@bp.route("/editions", methods=["GET"])
@open_to(everyone)
@bp.response(200, schemas.EditionSchema(many=True))
def editions() -> Response:
    """Every edition the public may know of, the latest first."""
    found = queries.public_editions()
    facts = tuple((edition.uid, edition.public_revision) for edition in found)
    return _answer(facts, lambda: [exchange.of_edition(edition, language()) for edition in found])


@bp.route("/editions/<edition:edition>", methods=["GET"])
@open_to(everyone)
@bp.response(200, schemas.EditionSchema)
@bp.alt_response(404, description="No such edition")
def edition(edition: Edition) -> Response:
    """One edition."""
    return _of(edition, lambda _programme: exchange.of_edition(edition, language()))


@bp.route("/editions/<edition:edition>/sessions", methods=["GET"])
@open_to(everyone)
@bp.arguments(schemas.ChoiceSchema, location="query", as_kwargs=True)
@bp.response(200, schemas.SessionSchema(many=True))
@bp.alt_response(404, description="No such edition")
def sessions(edition: Edition, **choice: Any) -> Response:
    """The sessions of an edition as released, in order of time; those without a time come last."""

    def make(programme: Programme | None) -> list[dict[str, Any]]:
        if programme is None:
            return []
        chosen = (point for point in programme.points if _is_chosen(point, programme, choice))
        materials = queries_materials.shown_in(edition, programme)
        return [exchange.of_session(point, programme, edition, language(), materials) for point in chosen]

    return _of(edition, make)


def _is_chosen(point: Point, programme: Programme, choice: dict[str, Any]) -> bool:
    """Whether a session is what every parameter asks for."""
    facts = {
        "day": _day(point, programme),
        "track": point.track.slug if point.track else None,
        "format": point.format.slug if point.format else None,
        "room": point.room.slug if point.room else None,
        "language": point.language,
        "status": point.status,
    }
    ways = {"onsite": point.is_onsite, "online": point.is_online}
    if "attendance" in choice and not ways[choice["attendance"]]:
        return False
    return all(facts[name] == value for name, value in choice.items() if name in facts)


def _day(point: Point, programme: Programme) -> date | None:
    return point.starts_at.astimezone(ZoneInfo(programme.day.zone)).date() if point.starts_at else None


@bp.route("/editions/<edition:edition>/sessions/<session>", methods=["GET"], parameters=[_SESSION])
@open_to(everyone)
@bp.response(200, schemas.SessionSchema)
@bp.alt_response(404, description="No such edition or session")
def session(edition: Edition, session: str) -> Response:
    """One session, by its slug; only the last part of it counts, so an old one keeps working."""

    def make(programme: Programme | None) -> dict[str, Any]:
        point = programme.point(session) if programme else None
        if programme is None or point is None:
            raise NotFound
        materials = queries_materials.shown_in(edition, programme)
        return exchange.of_session(point, programme, edition, language(), materials)

    return _of(edition, make)


@bp.route("/editions/<edition:edition>/speakers", methods=["GET"])
@open_to(everyone)
@bp.response(200, schemas.SpeakerSchema(many=True))
@bp.alt_response(404, description="No such edition")
def speakers(edition: Edition) -> Response:
    """Who speaks, by name."""
    return _of(
        edition,
        lambda programme: _each(
            programme.voices if programme else (), lambda v: exchange.of_speaker(v, edition, language())
        ),
    )


@bp.route("/editions/<edition:edition>/rooms", methods=["GET"])
@open_to(everyone)
@bp.response(200, schemas.RoomSchema(many=True))
@bp.alt_response(404, description="No such edition")
def rooms(edition: Edition) -> Response:
    """The rooms."""
    return _of(edition, lambda programme: _each(programme.rooms if programme else (), exchange.of_room))


@bp.route("/editions/<edition:edition>/tracks", methods=["GET"])
@open_to(everyone)
@bp.response(200, schemas.TrackSchema(many=True))
@bp.alt_response(404, description="No such edition")
def tracks(edition: Edition) -> Response:
    """The themes."""
    return _of(edition, lambda programme: _each(programme.tracks if programme else (), exchange.of_track))


@bp.route("/editions/<edition:edition>/formats", methods=["GET"])
@open_to(everyone)
@bp.response(200, schemas.FormatSchema(many=True))
@bp.alt_response(404, description="No such edition")
def formats(edition: Edition) -> Response:
    """The formats."""
    return _of(edition, lambda programme: _each(programme.formats if programme else (), exchange.of_format))


def _each(things: Iterable[Any], say: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    return [say(thing) for thing in things]
