"""The page for the computer in a room: today's sessions and everything that must be on the screen."""

from flask import Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from blender_event.core import clock, headers
from blender_event.core.access import link_holder, open_to
from blender_event.programme import labels_materials, queries, queries_materials, rooms, rules_materials
from blender_event.programme.models import Edition, Room
from blender_event.programme.views_materials import attachment_of, bp


def _room(token: str) -> tuple[Room, Edition]:
    """The room of this link, and its edition; any other link opens nothing."""
    room = queries_materials.room_by_token(token) or abort(404)
    return room, queries.edition_by_id(room.edition_id) or abort(404)


@bp.get("/zaal/<token>")
@open_to(link_holder)
def room(token: str) -> ResponseReturnValue:
    """See what comes in this room and open its slides."""
    found, edition = _room(token)
    now = clock.now()
    turns = rooms.of_day(rooms.turns(found, edition), edition, clock.today(edition.zone))
    page = render_template(
        "programme/room.html",
        edition=edition,
        room=found,
        token=token,
        turns=turns,
        now=now,
        is_file=rules_materials.is_file,
        type_of=labels_materials.kind_of_file,
        facts=labels_materials.facts,
    )
    return headers.personal(make_response(page))


@bp.get("/zaal/<token>/<code>")
@open_to(link_holder)
def room_file(token: str, code: str) -> Response:
    """Open the newest version of something that is shown in this room."""
    found, edition = _room(token)
    shown = (material for turn in rooms.turns(found, edition) for material in turn.materials)
    material = next((one for one in shown if one.code == code), None)
    version = material.newest if material is not None else None
    return attachment_of(version or abort(404), public=False)
