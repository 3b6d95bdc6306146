"""Organisers look after speakers: who they are, who confirmed, who may no longer be shown."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Repeated, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import _
from blender_event.people import access
from blender_event.people import queries as people
from blender_event.people.models import Person
from blender_event.programme import actions, queries
from blender_event.programme.forms_sessions import ConfirmForm, SpeakerForm
from blender_event.programme.models import Edition, Speaker

bp = Blueprint("speakers", __name__, url_prefix="/<edition:edition>/sprekers")


def speaker_or_404(edition: Edition, number: int) -> Speaker:
    found = queries.speaker(edition, number)
    if found is None:
        abort(404)
    return found


@bp.get("")
@open_to(organiser)
def speakers(edition: Edition) -> ResponseReturnValue:
    """See everybody who speaks, in which sessions, and who has not confirmed."""
    spoken: dict[int, list[str]] = {}
    for session in queries.sessions(edition):
        for part in session.people:
            spoken.setdefault(part.speaker_id, []).append(session.name)
    hidden = set(queries.redacted(edition))
    found = queries.speakers(edition)
    return render_template(
        "programme/admin/speakers.html", edition=edition, speakers=found, spoken=spoken, hidden=hidden
    )


def _person(form: SpeakerForm) -> Person | None:
    """The person behind the address, or nobody when there is none."""
    return people.person_for(form.email.data, name=form.name.data or "", language="nl") if form.email.data else None


@bp.route("/nieuw", methods=["GET", "POST"])
@open_to(organiser)
def add_speaker(edition: Edition) -> ResponseReturnValue:
    """Bring somebody into this edition."""
    form = SpeakerForm()
    if form.validate_on_submit():
        queries.lock(edition)
        try:
            audit.once(form.key.data or "", purpose=f"add speaker {edition.id}", digest=form.digest())
        except Repeated:
            return redirect(url_for(".speakers", edition=edition))
        actions.add_speaker(edition, words=form.words(), person=_person(form), by=access.here())
        db.session.commit()
        flash(_("%(name)s is in the draft.", name=form.name.data))
        return redirect(url_for(".speakers", edition=edition))
    return render_template("programme/admin/speaker.html", edition=edition, form=form, speaker=None), form.status


@bp.route("/<int:number>", methods=["GET", "POST"])
@open_to(organiser)
def change_speaker(edition: Edition, number: int) -> ResponseReturnValue:
    """Write a speaker's words anew."""
    speaker = speaker_or_404(edition, number)
    form = SpeakerForm()
    if not form.was_sent():
        form.show(speaker)
    conflict = False
    if form.validate_on_submit():
        try:
            seen = carried_number(form.seen.data)
            actions.change_speaker(
                speaker, edition, words=form.words(), person=_person(form), seen=seen, by=access.here()
            )
        except Conflict:
            db.session.rollback()
            conflict = True
            form.seen.data = str(speaker.revision)
        else:
            db.session.commit()
            flash(_("Your changes to “%(title)s” are kept in the draft.", title=speaker.name))
            return redirect(url_for(".speakers", edition=edition))
    hidden = speaker.uid in queries.redacted(edition)
    page = render_template(
        "programme/admin/speaker.html",
        edition=edition,
        form=form,
        speaker=speaker,
        hidden=hidden,
        other=speaker if conflict else None,
    )
    return page, 409 if conflict else form.status


@bp.route("/<int:number>/verwijderen", methods=["GET", "POST"])
@open_to(organiser)
def remove_speaker(edition: Edition, number: int) -> ResponseReturnValue:
    """Take a speaker out of the draft."""
    speaker = speaker_or_404(edition, number)
    form = ConfirmForm()
    if form.validate_on_submit():
        name = speaker.name
        try:
            actions.remove_speaker(speaker, edition, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("%(name)s is removed from the draft.", name=name))
            return redirect(url_for(".speakers", edition=edition))
    page = render_template(
        "programme/admin/remove_speaker.html",
        edition=edition,
        form=form,
        speaker=speaker,
        sessions=queries.depends_on_speaker(speaker),
    )
    return page, form.status


@bp.route("/<int:number>/verbergen", methods=["GET", "POST"])
@open_to(organiser)
def hide_speaker(edition: Edition, number: int) -> ResponseReturnValue:
    """Show a speaker nowhere any more, also not in earlier versions; or show them again."""
    speaker = speaker_or_404(edition, number)
    hidden = speaker.uid in queries.redacted(edition)
    form = ConfirmForm()
    if form.validate_on_submit():
        act = actions.unredact if hidden else actions.redact
        act(speaker, edition, by=access.here())
        db.session.commit()
        words = (
            _("%(name)s is shown again.", name=speaker.name)
            if hidden
            else _("%(name)s is shown nowhere any more.", name=speaker.name)
        )
        flash(words)
        return redirect(url_for(".speakers", edition=edition))
    return render_template(
        "programme/admin/hide_speaker.html", edition=edition, form=form, speaker=speaker, hidden=hidden
    ), form.status
