"""Organisers look after the slides of one session, for a speaker who cannot."""

from flask import abort
from flask.typing import ResponseReturnValue

from blender_event.core.access import open_to, organiser
from blender_event.programme import queries, views_workplace
from blender_event.programme.admin_materials import bp
from blender_event.programme.models import Edition
from blender_event.programme.views_workplace import Workplace

_AT = "/sessies/<int:number>"


def _place(edition: Edition, number: int) -> Workplace:
    """The pages of a session of this edition."""
    session = queries.session(edition, number) or abort(404)
    return Workplace(edition, session, "layouts/admin.html", "admin.materials.slides")


@bp.get(_AT)
@open_to(organiser)
def slides(edition: Edition, number: int) -> ResponseReturnValue:
    """See what the session has, what is public and from when."""
    return views_workplace.listed(_place(edition, number))


@bp.route(_AT + "/uploaden", methods=["GET", "POST"])
@open_to(organiser)
def slides_add(edition: Edition, number: int) -> ResponseReturnValue:
    """Give the session a file."""
    return views_workplace.add(_place(edition, number))


@bp.route(_AT + "/link", methods=["GET", "POST"])
@open_to(organiser)
def slides_link(edition: Edition, number: int) -> ResponseReturnValue:
    """Give the session a link or a recording."""
    return views_workplace.add_link(_place(edition, number))


@bp.route(_AT + "/<int:material>", methods=["GET", "POST"])
@open_to(organiser)
def slides_change(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Say what it is called, who sees it and what others may do with it."""
    return views_workplace.change(_place(edition, number), material)


@bp.route(_AT + "/<int:material>/uploaden", methods=["GET", "POST"])
@open_to(organiser)
def slides_replace(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Bring a newer file; the earlier one is kept."""
    return views_workplace.replace(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/publiceren")
@open_to(organiser)
def slides_publish(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Show it to everybody from now on."""
    return views_workplace.publish(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/terugnemen")
@open_to(organiser)
def slides_take_back(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Show it to nobody until it is published again."""
    return views_workplace.take_back(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/volgorde")
@open_to(organiser)
def slides_move(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Put it one place earlier or later."""
    return views_workplace.move(_place(edition, number), material)


@bp.route(_AT + "/<int:material>/verwijderen", methods=["GET", "POST"])
@open_to(organiser)
def slides_remove(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Say what happens, then take it away."""
    return views_workplace.remove(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/terugzetten")
@open_to(organiser)
def slides_bring_back(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Undo a removal."""
    return views_workplace.bring_back(_place(edition, number), material)


@bp.get(_AT + "/<int:material>/versies/<int:nth>")
@open_to(organiser)
def slides_version(edition: Edition, number: int, material: int, nth: int) -> ResponseReturnValue:
    """Take any version, public or not."""
    return views_workplace.version(_place(edition, number), material, nth)


@bp.get(_AT + "/<int:material>/versies/<int:nth>/voorbeeld.jpg")
@open_to(organiser)
def slides_picture(edition: Edition, number: int, material: int, nth: int) -> ResponseReturnValue:
    """See the first page of any version."""
    return views_workplace.picture(_place(edition, number), material, nth)
