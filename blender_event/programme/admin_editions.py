"""Organisers steer an edition itself: new, copied, its facts and texts, its state."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core.access import chief, open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import _
from blender_event.people import access
from blender_event.programme import actions_editions, facts, queries
from blender_event.programme.forms_editions import CopyEditionForm, EditionForm, NewEditionForm, StatusForm
from blender_event.programme.models import Edition

bp = Blueprint("editions", __name__)
STATUSES = {
    "draft": _("Draft: only organisers see it"),
    "announced": _("Announced: visitors see it, nobody can register yet"),
    "open": _("Open: people can register"),
    "closed": _("Closed: nobody can register any more"),
    "cancelled": _("Cancelled: the day does not take place"),
    "postponed": _("Postponed: the day comes later"),
}


@bp.route("/edities/nieuw", methods=["GET", "POST"])
@open_to(chief)
def create() -> ResponseReturnValue:
    """Make a new, empty edition."""
    form = NewEditionForm()
    if form.validate_on_submit():
        try:
            edition = actions_editions.create(words=form.words(), capacities={}, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("The edition is made. It is a draft: only organisers see it."))
            return redirect(url_for(".settings", edition=edition))
    return render_template("programme/admin/new_edition.html", form=form, edition=None), form.status


@bp.route("/<edition:edition>/kopie", methods=["GET", "POST"])
@open_to(chief)
def copy(edition: Edition) -> ResponseReturnValue:
    """Make a new edition after this one, every date shifted."""
    form = CopyEditionForm()
    if not form.was_sent():
        year_later = actions_editions.same_weekday(edition.starts_on, edition.starts_on + timedelta(days=365))
        form.starts_on.data, form.slug.data = year_later, str(year_later.year)
        form.with_sessions.data = True
    if form.validate_on_submit():
        try:
            made = actions_editions.copy(
                edition,
                slug=form.slug.data or "",
                title=form.title.data or "",
                motto=form.motto.data or "",
                starts_on=form.starts_on.data,
                with_sessions=bool(form.with_sessions.data),
                by=access.here(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("The edition is made. It is a draft: only organisers see it."))
            return redirect(url_for(".settings", edition=made))
    return render_template("programme/admin/copy_edition.html", form=form, edition=edition), form.status


@bp.route("/<edition:edition>/instellingen", methods=["GET", "POST"])
@open_to(organiser)
def settings(edition: Edition) -> ResponseReturnValue:
    """Write the facts and texts of an edition: public as soon as they are saved."""
    form = EditionForm()
    if not form.was_sent():
        form.show(edition)
    other = False
    if form.validate_on_submit():
        try:
            actions_editions.change(
                edition,
                words=form.words(),
                seen=carried_number(form.seen.data),
                tell=form.tell.data == "yes",
                by=access.here(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            other, form.seen.data = True, str(edition.revision)
        else:
            db.session.commit()
            flash(_("Saved. Visitors see it at once."))
            return redirect(url_for(".settings", edition=edition))
    page = render_template(
        "programme/admin/settings.html", edition=edition, form=form, other=edition if other else None
    )
    return page, 409 if other else form.status


@bp.route("/<edition:edition>/toestand", methods=["GET", "POST"])
@open_to(organiser)
def status(edition: Edition) -> ResponseReturnValue:
    """Announce, open, close, cancel or postpone an edition."""
    form = StatusForm()
    possible = {edition.status, *actions_editions.STATUSES[edition.status]}
    form.state.choices = [(name, words) for name, words in STATUSES.items() if name in possible]
    if not form.was_sent():
        wanted = request.args.get("naar", "")
        form.state.data = wanted if wanted in possible else edition.status
        form.note.data, form.seen.data = edition.status_note, str(edition.revision)
    if form.validate_on_submit():
        try:
            actions_editions.set_status(
                edition,
                form.state.data or abort(400),
                note=form.note.data or "",
                tell=form.tell.data == "yes",
                seen=carried_number(form.seen.data),
                by=access.here(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            form.seen.data = str(edition.revision)
            form.general.append(_("Somebody changed this edition meanwhile. Look again."))
        else:
            db.session.commit()
            flash(_("Saved. Visitors see it at once."))
            return redirect(url_for("admin.dashboard", edition=edition))
    seats = facts.seats(edition)
    concerned = seats.onsite_taken + seats.onsite_waiting + seats.online_taken + seats.online_waiting
    speakers = sum(1 for speaker in queries.speakers(edition) if speaker.person)
    return render_template(
        "programme/admin/status.html", edition=edition, form=form, concerned=concerned, speakers=speakers
    ), form.status
