"""“Ik denk mee”: leave word that one would like to think along with a pitch. Only organisers read it."""

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, headers, limits, links
from blender_event.core.access import everyone, open_to
from blender_event.core.database import db, let_go
from blender_event.core.errors import Repeated
from blender_event.core.logs import log
from blender_event.core.templating import language
from blender_event.core.text import email_key
from blender_event.pitches import actions_think_along as actions
from blender_event.pitches.forms_think_along import ThinkAlongForm
from blender_event.pitches.models import Pitch
from blender_event.pitches.views import bp
from blender_event.pitches.views_public import pitch_or_404
from blender_event.programme.models import Edition

PER_CLIENT = "20 per 15 minutes"
PER_ADDRESS = "5 per hour; 10 per day"


@bp.route("/<edition:edition>/pitches/<pitch>/ik-denk-mee", methods=["GET", "POST"])
@open_to(everyone)
def think_along(edition: Edition, pitch: str) -> ResponseReturnValue:
    """Say who one is and what one would bring; a letter confirms it."""
    form = ThinkAlongForm()
    if form.was_sent() and form.validate() and not form.is_trapped:
        return _leave(form, edition, pitch)
    found = pitch_or_404(edition, pitch)
    if form.was_sent() and form.is_trapped:
        return _thanks(edition, found)
    title, slug, words = found.title, found.slug, found.language
    let_go(edition)
    page = render_template(
        "pitches/think_along.html",
        edition=edition,
        form=form,
        title=title,
        slug=slug,
        words=words,
        current_section="pitches",
    )
    return _personal(page, form.status)


def _leave(form: ThinkAlongForm, edition: Edition, slug: str) -> ResponseReturnValue:
    email = form.email.data or ""
    if not limits.allowed("thinks along from", request.remote_addr or "", PER_CLIENT):
        abort(429)
    tell = limits.allowed("thinks along", links.hashed(email_key(email))[:32], PER_ADDRESS)
    db.session.add(edition)
    pitch = pitch_or_404(edition, slug)
    try:
        interest = actions.leave_interest(
            pitch,
            name=form.name.data or "",
            organisation=form.organisation.data or "",
            email=email,
            words=form.words.data or "",
            language=language(),
            now=clock.now(),
            key=form.key.data or "",
            digest=form.digest(),
            tell=tell,
        )
    except Repeated:
        return _thanks(edition, pitch)
    number, whose = interest.id, pitch.id
    answer = _thanks(edition, pitch)
    db.session.commit()
    log.info("interest left", edition=edition.id, pitch=whose, interest=number)
    return answer


def _thanks(edition: Edition, pitch: Pitch) -> ResponseReturnValue:
    return redirect(url_for(".thanked", edition=edition.slug, pitch=pitch.slug), 303)


def _personal(page: str, status: int = 200) -> Response:
    return headers.personal(make_response(page, status))


@bp.get("/<edition:edition>/pitches/<pitch>/ik-denk-mee/bedankt")
@open_to(everyone)
def thanked(edition: Edition, pitch: str) -> ResponseReturnValue:
    """Thank whoever comes here, and tell nothing more: the mailbox does."""
    found = pitch_or_404(edition, pitch)
    return _personal(render_template("pitches/thanked.html", edition=edition, pitch=found, current_section="pitches"))
