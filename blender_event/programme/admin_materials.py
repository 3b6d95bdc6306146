"""Organisers look after slides and other materials: what is there, what is missing, everything of a room at once."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue

from blender_event.core import clock, links, serving, uploads, zipping
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db, let_go
from blender_event.core.templating import language
from blender_event.core.text import Words, _, counted
from blender_event.people import access
from blender_event.people.forms import ButtonForm
from blender_event.programme import (
    actions_materials,
    actions_reminders,
    labels_materials,
    queries,
    queries_materials,
    queries_speakers,
    rooms,
    rules_speakers,
)
from blender_event.programme.models import Edition, Room, Session
from blender_event.programme.models_materials import Material

bp = Blueprint("materials", __name__, url_prefix="/<edition:edition>/materiaal")


@bp.get("")
@open_to(organiser)
def overview(edition: Edition) -> ResponseReturnValue:
    """See per session what is there, what is public and from when, and who must still bring slides."""
    by_session: dict[int, list[Material]] = {}
    for material in queries_materials.of_edition(edition):
        by_session.setdefault(material.session_id, []).append(material)
    endings, now = queries_materials.endings(edition), clock.now()
    with_slides = queries_speakers.with_slides(edition)
    rows = [
        _row(session, by_session.get(session.id, []), endings.get(session.id), edition, now)
        | {"lacks_slides": _asks_for_slides(session) and session.id not in with_slides}
        for session in queries.sessions(edition)
        if by_session.get(session.id) or _asks_for_slides(session)
    ]
    used, most = queries_materials.bytes_used(edition), current_app.config["UPLOAD_EDITION_BYTES"]
    return render_template(
        "programme/admin/materials.html",
        edition=edition,
        missing=[row for row in rows if row["lacks_slides"]],
        present=[row for row in rows if row["materials"]],
        rooms=[(room, _address(room), _path(room)) for room in queries.rooms(edition) if not room.is_online],
        used=uploads.size_in_words(used),
        most=uploads.size_in_words(most),
        files=sum(len(material.versions) for materials in by_session.values() for material in materials),
    )


def _asks_for_slides(session: Session) -> bool:
    """Whether somebody has a story to tell there: those are whom a reminder asks."""
    return any(rules_speakers.talks(part.speaker, [session]) for part in session.people)


def _row(session: Session, materials: list[Material], ending: Any, edition: Edition, now: Any) -> dict[str, Any]:
    people = [part.speaker for part in session.people]
    asked = [when for speaker in people if (when := rules_speakers.reminded_at(speaker, "slides"))]
    return {
        "session": session,
        "people": ", ".join(speaker.name for speaker in people),
        "reminded_at": max(asked) if asked else None,
        "materials": [
            {
                "material": material,
                "state": labels_materials.state(material, ending, edition, now),
                "kind": labels_materials.KINDS[material.kind],
                "about": _about(material),
                "scanned": material.newest.scanned if material.newest else "",
                "preview": material.newest.preview if material.newest else "",
            }
            for material in materials
        ],
    }


def _about(material: Material) -> Words:
    """Type, size and number of the newest version."""
    version = material.newest
    if version is None:
        return ""
    about = f"{labels_materials.kind_of_file(version)}, {uploads.size_in_words(version.size)}"
    return about if version.number == 1 else _("%(about)s, version %(number)s", about=about, number=version.number)


def _address(room: Room) -> str:
    """The link to the page of a room, as one types it on the computer there."""
    return links.address("materials.room", language=language(), token=queries_materials.room_token(room))


def _path(room: Room) -> str:
    """The same page from here."""
    return url_for("materials.room", token=queries_materials.room_token(room))


@bp.post("/sessies/<int:number>/herinneren")
@open_to(organiser)
def remind(edition: Edition, number: int) -> ResponseReturnValue:
    """Ask the speakers of one session for their slides."""
    session = queries.session(edition, number) or abort(404)
    if not ButtonForm().validate_on_submit():
        abort(400)
    people = [part.speaker_id for part in session.people]
    sent = actions_reminders.remind(edition, "slides", people, now=clock.now(), by=access.here())
    db.session.commit()
    if sent:
        flash(counted("%(num)s mail is on its way.", "%(num)s mails are on their way.", sent))
    else:
        flash(_("Nobody was mailed: they have no address, or heard of it less than three days ago."), "warn")
    return redirect(url_for(".overview", edition=edition), 303)


def _room_or_404(edition: Edition, number: int) -> Room:
    found = queries.thing(Room, edition, number)
    return found if isinstance(found, Room) else abort(404)


@bp.post("/zalen/<int:number>/nieuwe-link")
@open_to(organiser)
def renew_room_link(edition: Edition, number: int) -> ResponseReturnValue:
    """Make the link of a room worthless and show a new one."""
    room = _room_or_404(edition, number)
    if not ButtonForm().validate_on_submit():
        abort(400)
    actions_materials.renew_room_link(room, edition, by=access.here())
    db.session.commit()
    flash(_("The old link of %(room)s no longer works. The new one is below.", room=room.name))
    return redirect(url_for(".overview", edition=edition) + "#zalen", 303)


@bp.get("/zalen/<int:number>/slides.zip")
@open_to(organiser)
def room_zip(edition: Edition, number: int) -> Response:
    """Take all files of a room along, in the order of the day."""
    room = _room_or_404(edition, number)
    zone = ZoneInfo(edition.zone)
    named = rooms.in_the_zip(rooms.turns(room, edition), edition)
    files = [(name, one.storage_key, one.uploaded_at.astimezone(zone).timetuple()[:6]) for name, one in named]
    name, missing = f"{edition.slug} {room.name}.zip", str(_("This file could not be read. Download it by itself."))
    let_go()  # sending can take minutes; the database is not needed for it
    return serving.streamed(zipping.streamed(files, missing), name=name, media_type=zipping.MEDIA_TYPE)
