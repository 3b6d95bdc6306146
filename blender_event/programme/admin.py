"""Organisers build the draft: the table of sessions, one session, its place, its cancellation."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Repeated, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import _
from blender_event.people import access
from blender_event.programme import actions, queries, release
from blender_event.programme.forms_sessions import CancelForm, ConfirmForm, MoveForm, SessionForm
from blender_event.programme.models import Edition, Session
from blender_event.programme.rules import Slot

bp = Blueprint("programme", __name__, url_prefix="/<edition:edition>/programma")


def session_or_404(edition: Edition, number: int) -> Session:
    found = queries.session(edition, number)
    if found is None:
        abort(404)
    return found


@bp.get("")
@open_to(organiser)
def sessions(edition: Edition) -> ResponseReturnValue:
    """See the whole draft in one table, with what changed since the last release."""
    changes = {change.uid: change for change in release.unreleased(edition)}
    return render_template(
        "programme/admin/sessions.html",
        edition=edition,
        sessions=queries.sessions(edition),
        changes=changes,
        gone=[change for change in changes.values() if change.kind == "removed"],
    )


def _form(edition: Edition, session: Session | None) -> tuple[SessionForm, dict[str, Any]]:
    """The form with the edition's choices, and those choices as rows."""
    frame: dict[str, Any] = {
        "rooms": queries.rooms(edition),
        "tracks": queries.tracks(edition),
        "formats": queries.formats(edition),
        "speakers": queries.speakers(edition),
    }
    form = SessionForm()
    if not form.was_sent():
        if session is not None:
            form.show(session, edition)
        else:
            form.is_onsite.data = True
    form.offer(edition, **frame)
    return form, frame


def _slot(form: SessionForm | MoveForm, edition: Edition, rooms: Any) -> Slot:
    return Slot(form.chosen_room(rooms), *form.times(edition))


@bp.route("/sessies/nieuw", methods=["GET", "POST"])
@open_to(organiser)
def add_session(edition: Edition) -> ResponseReturnValue:
    """Add a session to the draft."""
    form, frame = _form(edition, None)
    if form.validate_on_submit():
        try:
            queries.lock(edition)
            audit.once(form.key.data or "", purpose=f"add session {edition.id}", digest=form.digest())
            slot = _slot(form, edition, frame["rooms"])
            actions.create_session(
                edition, words=form.words(), slot=slot, cast=form.cast(frame["speakers"]), by=access.here()
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Repeated:
            return redirect(url_for(".sessions", edition=edition))
        else:
            db.session.commit()
            flash(
                _(
                    "“%(title)s” is in the draft. Visitors see it after you publish.",
                    title=form.title.data or form.subject.data,
                )
            )
            return redirect(url_for(".sessions", edition=edition))
    form.add_rows()
    return render_template("programme/admin/session.html", edition=edition, form=form, session=None), form.status


@bp.route("/sessies/<int:number>", methods=["GET", "POST"])
@open_to(organiser)
def change_session(edition: Edition, number: int) -> ResponseReturnValue:
    """Write a session anew."""
    session = session_or_404(edition, number)
    form, frame = _form(edition, session)
    other: Session | None = None
    if form.validate_on_submit():
        try:
            slot = _slot(form, edition, frame["rooms"])
            cast = form.cast(frame["speakers"])
            seen = carried_number(form.seen.data)
            actions.change_session(
                session, edition, words=form.words(), slot=slot, cast=cast, seen=seen, by=access.here()
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            other = session
            form.seen.data = str(session.revision)
        else:
            db.session.commit()
            flash(_("Your changes to “%(title)s” are kept in the draft.", title=session.name))
            return redirect(url_for(".sessions", edition=edition))
    form.add_rows()
    status = 409 if other else form.status
    return render_template(
        "programme/admin/session.html", edition=edition, form=form, session=session, other=other
    ), status


@bp.route("/sessies/<int:number>/plaats", methods=["GET", "POST"])
@open_to(organiser)
def move_session(edition: Edition, number: int) -> ResponseReturnValue:
    """Give a session another room or time."""
    session = session_or_404(edition, number)
    rooms = queries.rooms(edition)
    form = MoveForm()
    form.offer_slots(edition, rooms)
    if not form.was_sent():
        form.show_slot(session, edition)
        form.seen.data = str(session.revision)
    conflict = False
    if form.validate_on_submit():
        try:
            actions.move(
                session,
                edition,
                slot=_slot(form, edition, rooms),
                seen=carried_number(form.seen.data),
                by=access.here(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            conflict = True
            form.seen.data = str(session.revision)
        else:
            db.session.commit()
            flash(_("“%(title)s” has another place in the draft.", title=session.name))
            return redirect(url_for(".sessions", edition=edition))
    page = render_template("programme/admin/move.html", edition=edition, form=form, session=session, conflict=conflict)
    return page, 409 if conflict else form.status


@bp.route("/sessies/<int:number>/annuleren", methods=["GET", "POST"])
@open_to(organiser)
def cancel_session(edition: Edition, number: int) -> ResponseReturnValue:
    """Cancel a session, at once or with the next version."""
    session = session_or_404(edition, number)
    form = CancelForm(seen=str(session.revision))
    if form.validate_on_submit():
        try:
            if form.when.data == "now" and session.is_released:
                release.cancel_now(session, edition, by=access.here(), tell=form.tell.data == "yes")
            else:
                actions.set_cancelled(
                    session, edition, cancelled=True, seen=carried_number(form.seen.data), by=access.here()
                )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            form.seen.data = str(session.revision)
            form.general.append(_("Somebody changed this session meanwhile. Look again."))
        else:
            db.session.commit()
            flash(_("“%(title)s” does not take place.", title=session.name))
            return redirect(url_for(".sessions", edition=edition))
    told = release.told_of_cancelling(session, edition)
    page = render_template("programme/admin/cancel.html", edition=edition, form=form, session=session, told=told)
    return page, form.status


@bp.post("/sessies/<int:number>/herstellen")
@open_to(organiser)
def restore_session(edition: Edition, number: int) -> ResponseReturnValue:
    """Let a cancelled session take place after all, from the next version on."""
    session = session_or_404(edition, number)
    actions.set_cancelled(session, edition, cancelled=False, seen=session.revision, by=access.here())
    db.session.commit()
    flash(_("“%(title)s” takes place again. Visitors see it after you publish.", title=session.name))
    return redirect(url_for(".sessions", edition=edition))


@bp.route("/sessies/<int:number>/verwijderen", methods=["GET", "POST"])
@open_to(organiser)
def remove_session(edition: Edition, number: int) -> ResponseReturnValue:
    """Take a session that was never published out of the draft."""
    session = session_or_404(edition, number)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            title = session.name
            actions.remove_session(session, edition, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("“%(title)s” is removed from the draft.", title=title))
            return redirect(url_for(".sessions", edition=edition))
    return render_template(
        "programme/admin/remove_session.html", edition=edition, form=form, session=session
    ), form.status
