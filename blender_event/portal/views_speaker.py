"""What a speaker finds behind their sign-in: what is asked of them, their sessions and their profile."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import headers
from blender_event.core.access import open_to, speaker
from blender_event.people import access
from blender_event.programme import queries_speakers
from blender_event.programme.models import Edition, Session, Speaker

bp = Blueprint("speaker", __name__, url_prefix="/spreker")


@bp.context_processor
def frame() -> dict[str, Any]:
    """What every page of a speaker shows around its content."""
    return {"who": access.who(), "sign_out_url": url_for("people.sign_out")}


def personal(template: str, status: int = 200, **facts: Any) -> Response:
    """A page for one person: kept nowhere, indexed nowhere."""
    return headers.personal(make_response(render_template(template, **facts), status))


def own_speaker_or_404(edition: Edition) -> Speaker:
    """Who the signed-in person is in this edition; whoever does not speak there finds nothing."""
    return queries_speakers.speaker_of(edition, access.here()) or abort(404)


def own_session_or_404(edition: Edition, number: int) -> Session:
    """A session of the signed-in speaker; any other is not there."""
    return queries_speakers.session_of(own_speaker_or_404(edition), number) or abort(404)


@bp.get("")
@open_to(speaker)
def overview() -> ResponseReturnValue:
    """Show what is asked of me and by when, and my sessions, the coming edition first."""
    editions = queries_speakers.editions_spoken_in(access.here()) or abort(404)
    return personal("speakers/overview.html", editions=editions)


@bp.get("/<edition:edition>/sessies/<int:number>")
@open_to(speaker)
def session(edition: Edition, number: int) -> ResponseReturnValue:
    """Show one of my sessions: its words, when and where, and who comes."""
    found = own_session_or_404(edition, number)
    return personal("speakers/session.html", edition=edition, session=found)
