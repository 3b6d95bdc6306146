"""Organisers furnish an edition: rooms, themes and formats."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Repeated
from blender_event.core.text import _
from blender_event.people import access
from blender_event.programme import actions_editions, queries
from blender_event.programme.forms_editions import THINGS
from blender_event.programme.forms_sessions import ConfirmForm
from blender_event.programme.models import Edition

bp = Blueprint("frame", __name__, url_prefix="/<edition:edition>/inrichting")


@bp.get("")
@open_to(organiser)
def things(edition: Edition) -> ResponseReturnValue:
    """See the rooms, themes and formats, and how many sessions stand in each."""
    sessions = queries.sessions(edition)
    counts = {
        "zalen": _counted(session.room_id for session in sessions),
        "themas": _counted(session.track_id for session in sessions),
        "vormen": _counted(session.format_id for session in sessions),
    }
    return render_template(
        "programme/admin/things.html",
        edition=edition,
        rooms=queries.rooms(edition),
        tracks=queries.tracks(edition),
        formats=queries.formats(edition),
        counts=counts,
    )


def _counted(ids: Any) -> dict[int, int]:
    found: dict[int, int] = {}
    for number in ids:
        if number is not None:
            found[number] = found.get(number, 0) + 1
    return found


def _thing_or_404(edition: Edition, kind: str, number: int) -> Any:
    model, _form = THINGS.get(kind) or abort(404)
    found = queries.thing(model, edition, number)
    return found if found is not None else abort(404)


@bp.route("/<any(zalen, themas, vormen):kind>/nieuw", methods=["GET", "POST"])
@open_to(organiser)
def add_thing(edition: Edition, kind: str) -> ResponseReturnValue:
    """Add a room, theme or format."""
    model, form_type = THINGS[kind]
    form: Any = form_type()
    if form.validate_on_submit():
        queries.lock(edition)
        try:
            audit.once(form.key.data or "", purpose=f"add {kind} {edition.id}", digest=form.digest())
        except Repeated:
            return redirect(url_for(".things", edition=edition))
        actions_editions.save_thing(model(), edition, words=form.words(), by=access.here())
        db.session.commit()
        flash(_("“%(name)s” is added.", name=form.name.data))
        return redirect(url_for(".things", edition=edition))
    return render_template("programme/admin/thing.html", edition=edition, form=form, kind=kind, thing=None), form.status


@bp.route("/<any(zalen, themas, vormen):kind>/<int:number>", methods=["GET", "POST"])
@open_to(organiser)
def change_thing(edition: Edition, kind: str, number: int) -> ResponseReturnValue:
    """Change a room, theme or format."""
    thing = _thing_or_404(edition, kind, number)
    form: Any = THINGS[kind][1](obj=thing)
    if form.validate_on_submit():
        actions_editions.save_thing(thing, edition, words=form.words(), by=access.here())
        db.session.commit()
        flash(_("“%(name)s” is saved. Visitors see it after you publish.", name=form.name.data))
        return redirect(url_for(".things", edition=edition))
    return render_template(
        "programme/admin/thing.html", edition=edition, form=form, kind=kind, thing=thing
    ), form.status


@bp.route("/<any(zalen, themas, vormen):kind>/<int:number>/verwijderen", methods=["GET", "POST"])
@open_to(organiser)
def remove_thing(edition: Edition, kind: str, number: int) -> ResponseReturnValue:
    """Remove a room, theme or format, after saying which sessions lose it."""
    thing = _thing_or_404(edition, kind, number)
    asks: dict[str, Any] = {
        "zalen": queries.depends_on_room,
        "themas": queries.depends_on_track,
        "vormen": queries.depends_on_format,
    }
    sessions = asks[kind](thing)
    form = ConfirmForm()
    if form.validate_on_submit():
        name = thing.name
        actions_editions.remove_thing(thing, edition, by=access.here())
        db.session.commit()
        flash(_("“%(name)s” is removed.", name=name))
        return redirect(url_for(".things", edition=edition))
    page = render_template(
        "programme/admin/remove_thing.html", edition=edition, form=form, thing=thing, sessions=sessions
    )
    return page, form.status
