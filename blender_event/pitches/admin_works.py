"""Organisers of every edition keep the list of earlier projects and media."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core.access import chief, open_to
from blender_event.core.database import db
from blender_event.core.errors import Conflict, Repeated
from blender_event.core.forms import carried_number
from blender_event.core.text import _
from blender_event.people import access
from blender_event.pitches import actions_works, queries_works
from blender_event.pitches.forms_works import KINDS, WorkForm
from blender_event.programme.forms_sessions import ConfirmForm

bp = Blueprint("works", __name__, url_prefix="/werken")


@bp.get("")
@open_to(chief)
def listing() -> ResponseReturnValue:
    """See what “bestaat dit al?” knows besides pitches and sessions."""
    total = queries_works.number()
    pages = max(1, -(-total // queries_works.PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    rows = queries_works.page(page)
    return render_template("pitches/admin/works.html", rows=rows, kinds=KINDS, total=total, page=page, pages=pages)


@bp.route("/nieuw", methods=["GET", "POST"])
@open_to(chief)
def add() -> ResponseReturnValue:
    """Add a project or media item."""
    form = WorkForm()
    if form.validate_on_submit():
        try:
            audit.once(form.key.data or "", purpose="add work", digest=form.digest())
        except Repeated:
            return redirect(url_for(".listing"))
        work = actions_works.add_work(words=form.words(), by=access.here())
        flash(_("“%(name)s” is added.", name=work.name))
        db.session.commit()
        return redirect(url_for(".listing"))
    return render_template("pitches/admin/work.html", form=form, work=None), form.status


@bp.route("/<int:number>", methods=["GET", "POST"])
@open_to(chief)
def change(number: int) -> ResponseReturnValue:
    """Change a project or media item."""
    work = queries_works.work(number) or abort(404)
    form = WorkForm()
    if not form.was_sent():
        form.show(work)
    other = False
    if form.validate_on_submit():
        try:
            actions_works.change_work(work, words=form.words(), seen=carried_number(form.seen.data), by=access.here())
        except Conflict:
            db.session.rollback()
            other, form.seen.data = True, str(work.revision)
        else:
            db.session.commit()
            flash(_("“%(name)s” is saved.", name=work.name))
            return redirect(url_for(".listing"))
    page = render_template("pitches/admin/work.html", form=form, work=work, other=work if other else None)
    return page, 409 if other else form.status


@bp.route("/<int:number>/verwijderen", methods=["GET", "POST"])
@open_to(chief)
def remove(number: int) -> ResponseReturnValue:
    """Remove a project or media item from the list."""
    work = queries_works.work(number) or abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        name = work.name
        actions_works.remove_work(work, by=access.here())
        db.session.commit()
        flash(_("“%(name)s” is removed.", name=name))
        return redirect(url_for(".listing"))
    return render_template("pitches/admin/remove_work.html", form=form, work=work), form.status
