"""Organisers look after speakers: who they are, who confirmed, who may no longer be shown."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core import headers
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Repeated, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import Words, _
from blender_event.mail import queries as mail
from blender_event.people import access
from blender_event.people import queries as people
from blender_event.people.models import Person
from blender_event.programme import actions, queries, queries_speakers, rules_speakers
from blender_event.programme.forms_sessions import ConfirmForm, SpeakerForm
from blender_event.programme.models import Edition, Session, Speaker
from blender_event.programme.views_portraits import picture_of

bp = Blueprint("speakers", __name__, url_prefix="/<edition:edition>/sprekers")


def speaker_or_404(edition: Edition, number: int) -> Speaker:
    found = queries.speaker(edition, number)
    if found is None:
        abort(404)
    return found


@bp.get("")
@open_to(organiser)
def speakers(edition: Edition) -> ResponseReturnValue:
    """See everybody who speaks, in which sessions, and who still has to do what."""
    sessions, slides = queries.sessions(edition), queries_speakers.with_slides(edition)
    rows = [_row(speaker, sessions, slides) for speaker in queries.speakers(edition)]
    groups = {name: [row for row in rows if fits(row)] for name, (fits, _words) in SHOWN.items()}
    show = request.args.get("show", "all")
    show = show if show in groups else "all"
    return render_template(
        "programme/admin/speakers.html",
        edition=edition,
        rows=groups[show],
        total=len(rows),
        show=show,
        tabs=[
            {
                "label": words,
                "href": url_for(".speakers", edition=edition, show=None if name == "all" else name),
                "current": name == show,
                "count": len(groups[name]),
            }
            for name, (_fits, words) in SHOWN.items()
            if groups[name] or name in ("all", show)
        ],
        hidden=set(queries.redacted(edition)),
        needs=queries_speakers.needs_count(edition) if access.sees_needs(edition) else 0,
    )


def _row(speaker: Speaker, sessions: Sequence[Session], slides: set[int]) -> dict[str, Any]:
    """One speaker of the list: their sessions, and what is there of yes, biography, portrait and slides."""
    own = [session for session in sessions if any(part.speaker_id == speaker.id for part in session.people)]
    told = rules_speakers.talks(speaker, own)
    lacks = [kind for kind in rules_speakers.REMINDERS if rules_speakers.lacks(speaker, kind, own, slides)]
    return {
        "speaker": speaker,
        "sessions": [session.name for session in own],
        "lacks": lacks,
        "slides": None if not told else all(session.id in slides for session in told),
        "reachable": bool(speaker.person and speaker.person.email),
    }


Fits = Callable[[dict[str, Any]], bool]
SHOWN: dict[str, tuple[Fits, Words]] = {
    "all": (lambda row: True, _("Everybody")),
    "declined": (lambda row: row["speaker"].declined_at is not None, _("Cannot come")),
    "confirm": (lambda row: "confirm" in row["lacks"], _("Not confirmed")),
    "biography": (lambda row: "biography" in row["lacks"], _("No biography")),
    "portrait": (lambda row: not row["speaker"].portrait_code, _("No portrait")),
    "slides": (lambda row: "slides" in row["lacks"], _("No slides")),
}


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
        try:
            actions.add_speaker(edition, words=form.words(), person=_person(form), by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
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
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
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
        row=_row(speaker, queries_speakers.sessions_of(speaker), queries_speakers.with_slides(edition)),
        portrait=queries_speakers.portrait(speaker.portrait_code),
        letters=mail.about(f"speaker:{speaker.id}"),
    )
    return page, 409 if conflict else form.status


@bp.get("/<int:number>/portret.jpg")
@open_to(organiser)
def portrait(edition: Edition, number: int) -> Response:
    """See a portrait before it is published."""
    found = queries_speakers.portrait(speaker_or_404(edition, number).portrait_code) or abort(404)
    return headers.personal(picture_of(found))


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
