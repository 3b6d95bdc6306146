"""A speaker's slides and other materials: upload, replace until the last minute, say who sees them."""

from flask.typing import ResponseReturnValue

from blender_event.core.access import open_to, speaker
from blender_event.portal.views_speaker import bp, own_session_or_404
from blender_event.programme import views_workplace
from blender_event.programme.models import Edition
from blender_event.programme.views_workplace import Workplace

_AT = "/<edition:edition>/sessies/<int:number>/materiaal"


def _place(edition: Edition, number: int) -> Workplace:
    """The pages of one of my own sessions; anybody else's are not there."""
    return Workplace(edition, own_session_or_404(edition, number), "layouts/portal.html", "speaker.slides")


@bp.get(_AT)
@open_to(speaker)
def slides(edition: Edition, number: int) -> ResponseReturnValue:
    """See what the session has, what is public and from when."""
    return views_workplace.listed(_place(edition, number))


@bp.route(_AT + "/uploaden", methods=["GET", "POST"])
@open_to(speaker)
def slides_add(edition: Edition, number: int) -> ResponseReturnValue:
    """Give the session a file."""
    return views_workplace.add(_place(edition, number))


@bp.route(_AT + "/link", methods=["GET", "POST"])
@open_to(speaker)
def slides_link(edition: Edition, number: int) -> ResponseReturnValue:
    """Give the session a link or a recording."""
    return views_workplace.add_link(_place(edition, number))


@bp.route(_AT + "/<int:material>", methods=["GET", "POST"])
@open_to(speaker)
def slides_change(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Say what it is called, who sees it and what others may do with it."""
    return views_workplace.change(_place(edition, number), material)


@bp.route(_AT + "/<int:material>/uploaden", methods=["GET", "POST"])
@open_to(speaker)
def slides_replace(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Bring a newer file; the earlier one is kept."""
    return views_workplace.replace(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/publiceren")
@open_to(speaker)
def slides_publish(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Show it to everybody from now on."""
    return views_workplace.publish(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/terugnemen")
@open_to(speaker)
def slides_take_back(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Show it to nobody until it is published again."""
    return views_workplace.take_back(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/volgorde")
@open_to(speaker)
def slides_move(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Put it one place earlier or later."""
    return views_workplace.move(_place(edition, number), material)


@bp.route(_AT + "/<int:material>/verwijderen", methods=["GET", "POST"])
@open_to(speaker)
def slides_remove(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Say what happens, then take it away."""
    return views_workplace.remove(_place(edition, number), material)


@bp.post(_AT + "/<int:material>/terugzetten")
@open_to(speaker)
def slides_bring_back(edition: Edition, number: int, material: int) -> ResponseReturnValue:
    """Undo a removal."""
    return views_workplace.bring_back(_place(edition, number), material)


@bp.get(_AT + "/<int:material>/versies/<int:nth>")
@open_to(speaker)
def slides_version(edition: Edition, number: int, material: int, nth: int) -> ResponseReturnValue:
    """Take any version, public or not."""
    return views_workplace.version(_place(edition, number), material, nth)


@bp.get(_AT + "/<int:material>/versies/<int:nth>/voorbeeld.jpg")
@open_to(speaker)
def slides_picture(edition: Edition, number: int, material: int, nth: int) -> ResponseReturnValue:
    """See the first page of any version."""
    return views_workplace.picture(_place(edition, number), material, nth)
