"""What a speaker finds behind their sign-in: what is asked of them, their sessions, what they need. A GET never changes anything."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, headers, limits, links
from blender_event.core.access import open_to, speaker
from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.core.logs import log
from blender_event.core.templating import language
from blender_event.core.text import _
from blender_event.people import access
from blender_event.portal import speaking
from blender_event.portal.forms_speaker import DeclineForm, PracticalForm, WordsForm
from blender_event.programme import actions_speakers as actions
from blender_event.programme import queries, queries_speakers, rules
from blender_event.programme.labels_people import GROUPS
from blender_event.programme.models import Edition, Session, Speaker
from blender_event.registrations import queries_audience

bp = Blueprint("speaker", __name__, url_prefix="/spreker")
PER_SPEAKER = "5 per hour; 20 per day"


@bp.context_processor
def frame() -> dict[str, Any]:
    """What every page of a speaker shows around its content; `hats`: they also organise, help or judge."""
    person = access.who()
    return {
        "who": person,
        "hats": bool(person and person.roles),
        "sign_out_url": url_for("people.sign_out"),
        "current_section": "spreker",
    }


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
    """Show what is asked of me and by when, and my sessions; the coming editions whole, the ones that were as a list."""
    now = clock.now()
    editions = queries_speakers.editions_spoken_in(access.here()) or abort(404)
    coming = [edition for edition in reversed(editions) if not rules.is_past(edition, now)]
    past = [edition for edition in editions if edition not in coming]
    whole = coming or past[:1]
    return personal(
        "speakers/overview.html",
        stories=[_story(edition) for edition in whole],
        past=[edition for edition in past if edition not in whole],
        edition=whole[0] if len(whole) == 1 else None,
    )


@bp.get("/<edition:edition>")
@open_to(speaker)
def one_edition(edition: Edition) -> ResponseReturnValue:
    """Show one edition as the overview does."""
    return personal("speakers/overview.html", stories=[_story(edition)], past=[], edition=edition)


def _story(edition: Edition) -> speaking.Story:
    return speaking.story(edition, own_speaker_or_404(edition), clock.now())


@bp.app_template_global("speaker_feed")
def speaker_feed(found: Speaker) -> str:
    """The address of a speaker's own calendar."""
    token = queries_speakers.feed_token(found)
    return links.address("calendars.personal_feed", language=language(), token=token)


@bp.post("/<edition:edition>/bevestigen")
@open_to(speaker)
def confirm(edition: Edition) -> ResponseReturnValue:
    """Say that I come."""
    found = own_speaker_or_404(edition)
    try:
        news = actions.confirm(found, edition, now=clock.now(), by=access.here())
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.problems[0]), "warn")
    else:
        db.session.commit()
        if news:
            log.info("speaker confirmed", speaker=found.id)
        flash(_("Thank you. The organisers know that you come."), "good")
    return redirect(url_for(".overview"), 303)


@bp.route("/<edition:edition>/kan-niet", methods=["GET", "POST"])
@open_to(speaker)
def decline(edition: Edition) -> ResponseReturnValue:
    """Say that I cannot come, and why when I want to."""
    found = own_speaker_or_404(edition)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            actions.decline(found, edition, reason=form.reason.data or "", now=clock.now(), by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            log.info("speaker declined", speaker=found.id)
            flash(_("The organisers know that you cannot come. They will contact you."), "good")
            return redirect(url_for(".overview"), 303)
    return personal("speakers/decline.html", form.status, form=form, edition=edition, speaker=found)


@bp.route("/<edition:edition>/sessies/<int:number>", methods=["GET", "POST"])
@open_to(speaker)
def session(edition: Edition, number: int) -> ResponseReturnValue:
    """Write the words of my session; see when and where it is, and who comes."""
    found = own_session_or_404(edition, number)
    form = WordsForm()
    other = None
    if not form.was_sent():
        form.show(found)
    if form.validate_on_submit():
        try:
            actions.describe(found, edition, words=form.words(), seen=form.seen_number, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            other, form.seen.data = found, str(found.revision)
        else:
            db.session.commit()
            flash(_("Your words are saved. They are online after the next publication."), "good")
            return redirect(url_for(".session", edition=edition, number=number), 303)
    status = 409 if other else form.status
    return personal("speakers/session.html", status, form=form, other=other, **_about(edition, found))


def _about(edition: Edition, found: Session) -> dict[str, Any]:
    """When, where and with whom as published, and who comes."""
    point = speaking.published(queries.published(edition), found)
    own = edition.registration_mode == "own"
    return {
        "edition": edition,
        "session": found,
        "point": point,
        "is_waiting": point is None or speaking.waits(found, point),
        "has_slides": found.id in queries_speakers.with_slides(edition),
        "audience": queries_audience.audience(edition) if own else None,
        "group_names": GROUPS,
    }


@bp.route("/<edition:edition>/praktisch", methods=["GET", "POST"])
@open_to(speaker)
def practical(edition: Edition) -> ResponseReturnValue:
    """Say when I can be there, what I use, and what I need."""
    found = own_speaker_or_404(edition)
    form = PracticalForm()
    other = False
    if not form.was_sent():
        form.show(found, queries_speakers.needs_of(found))
    if form.validate_on_submit():
        try:
            actions.tell_practical(
                found, edition, **form.details(), seen=form.seen_number, now=clock.now(), by=access.here()
            )
        except Conflict:
            db.session.rollback()
            other, form.seen.data = True, str(found.revision)
        else:
            db.session.commit()
            flash(_("The organisers know this now."), "good")
            return redirect(url_for(".overview"), 303)
    return personal(
        "speakers/practical.html",
        409 if other else form.status,
        form=form,
        edition=edition,
        speaker=found,
        other=other,
        needs=queries_speakers.needs_of(found),
    )


@bp.post("/<edition:edition>/nieuwe-agenda")
@open_to(speaker)
def new_feed(edition: Edition) -> ResponseReturnValue:
    """Make the present address of my calendar worthless; the page shows the new one."""
    found = own_speaker_or_404(edition)
    if not limits.allowed("new speaker feed", str(found.id), PER_SPEAKER):
        abort(429)
    actions.renew_feed(found, by=access.here())
    db.session.commit()
    flash(_("The old address of your calendar no longer works. Subscribe with the new one."), "good")
    return redirect(url_for(".overview"), 303)
