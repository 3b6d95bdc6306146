"""Organisers make the calls of an edition, and open their pitches to the public."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core import clock
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Repeated, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import _
from blender_event.people import access
from blender_event.pitches import actions_calls, queries_calls, rules_calls
from blender_event.pitches.admin import bp
from blender_event.pitches.forms_calls import CallForm
from blender_event.pitches.models import Call
from blender_event.programme import queries as programme
from blender_event.programme.forms_sessions import ConfirmForm
from blender_event.programme.models import Edition


def _call_or_404(edition: Edition, number: int) -> Call:
    return queries_calls.call(edition, number) or abort(404)


@bp.get("/oproepen")
@open_to(organiser)
def calls(edition: Edition) -> ResponseReturnValue:
    """See the calls of this edition, where each stands, and what came in."""
    now = clock.now()
    rows = queries_calls.counted(edition)
    phases = {row.call.id: rules_calls.phase(row.call, now) for row in rows}
    return render_template("pitches/admin/calls.html", edition=edition, rows=rows, phases=phases)


@bp.route("/oproepen/nieuw", methods=["GET", "POST"])
@open_to(organiser)
def add_call(edition: Edition) -> ResponseReturnValue:
    """Make a call; the first one begins with words that are ready to be sent out."""
    form = CallForm()
    if not form.was_sent():
        form.propose(first=not queries_calls.slugs_taken(edition))
    pressed = form.was_sent() and form.press(request.form.get("go", ""))
    if not pressed and form.validate_on_submit():
        programme.lock(edition)
        try:
            audit.once(form.key.data or "", purpose=f"add call {edition.id}", digest=form.digest())
            actions_calls.make_call(edition, words=form.words(edition), by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Repeated:
            return redirect(url_for(".calls", edition=edition))
        else:
            db.session.commit()
            flash(_("The call “%(title)s” is made.", title=form.title.data))
            return redirect(url_for(".calls", edition=edition))
    return render_template("pitches/admin/call.html", edition=edition, form=form, call=None), form.status


@bp.route("/oproepen/<int:number>", methods=["GET", "POST"])
@open_to(organiser)
def change_call(edition: Edition, number: int) -> ResponseReturnValue:
    """Change a call; visitors see it at once."""
    call = _call_or_404(edition, number)
    form = CallForm()
    if not form.was_sent():
        form.show(call, edition)
    other = False
    pressed = form.was_sent() and form.press(request.form.get("go", ""))
    if not pressed and form.validate_on_submit():
        try:
            seen = carried_number(form.seen.data)
            actions_calls.change_call(call, words=form.words(edition), seen=seen, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            other, form.seen.data = True, str(call.revision)
        else:
            db.session.commit()
            flash(_("Saved. Visitors see it at once."))
            return redirect(url_for(".change_call", edition=edition, number=number))
    page = render_template(
        "pitches/admin/call.html",
        edition=edition,
        form=form,
        call=call,
        phase=rules_calls.phase(call, clock.now()),
        other=call if other else None,
    )
    return page, 409 if other else form.status


@bp.route("/oproepen/<int:number>/verwijderen", methods=["GET", "POST"])
@open_to(organiser)
def remove_call(edition: Edition, number: int) -> ResponseReturnValue:
    """Remove a call nobody used."""
    call = _call_or_404(edition, number)
    form = ConfirmForm()
    if form.validate_on_submit():
        title = call.title
        try:
            actions_calls.remove_call(call, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("“%(name)s” is removed.", name=title))
            return redirect(url_for(".calls", edition=edition))
    pitches = queries_calls.pitches_of(call)
    return render_template(
        "pitches/admin/remove_call.html", edition=edition, form=form, call=call, pitches=pitches
    ), form.status


@bp.post("/oproepen/<int:number>/openbaar")
@open_to(organiser)
def show_pitches(edition: Edition, number: int) -> ResponseReturnValue:
    """Let everybody read the pitches whose submitter agreed."""
    actions_calls.show_pitches(_call_or_404(edition, number), now=clock.now(), by=access.here())
    db.session.commit()
    flash(_("The pitches are public: everybody can read those whose submitter agreed."))
    return redirect(url_for(".calls", edition=edition))


@bp.post("/oproepen/<int:number>/niet-openbaar")
@open_to(organiser)
def hide_pitches(edition: Edition, number: int) -> ResponseReturnValue:
    """Close the public pages of a call's pitches again."""
    actions_calls.hide_pitches(_call_or_404(edition, number), by=access.here())
    db.session.commit()
    flash(_("The pitches are not public any more."))
    return redirect(url_for(".calls", edition=edition))
