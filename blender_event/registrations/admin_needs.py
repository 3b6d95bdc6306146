"""What people need to take part: only with the right to see it, and each look is written down first."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock
from blender_event.core.access import needs_reader, open_to
from blender_event.core.database import db, writing
from blender_event.core.errors import RuleBroken
from blender_event.core.text import _
from blender_event.people import access
from blender_event.people import queries as people
from blender_event.programme.models import Edition
from blender_event.registrations import actions_organise, queries_organise
from blender_event.registrations.admin import bp, registration_or_404
from blender_event.registrations.forms import ATTENDANCES, NEEDS
from blender_event.registrations.forms_organise import NeedsForm
from blender_event.registrations.models import Registration


def _written_down(subject: Registration | Edition, *, named: bool = True) -> None:
    """Nothing is shown before it is noted who looks. Reading requests take the write lock only for this moment."""
    by = access.here()
    db.session.rollback()
    with writing():
        actions_organise.saw_needs(subject, by=by, named=named)
        db.session.commit()


@bp.get("/behoeften")
@open_to(needs_reader)
def needs(edition: Edition) -> ResponseReturnValue:
    """Count what is needed, for the caterer and the venue; with names only on request."""
    named = request.args.get("names") == "yes"
    _written_down(edition, named=named)
    return render_template(
        "registrations/admin/needs.html",
        edition=edition,
        count=queries_organise.needs_counted(edition),
        people=queries_organise.needs_by_name(edition) if named else [],
        named=named,
        readers=people.needs_readers(edition.id),
        words=NEEDS,
        ways=ATTENDANCES,
    )


@bp.route("/<int:number>/behoeften", methods=["GET", "POST"])
@open_to(needs_reader)
def needs_of(edition: Edition, number: int) -> ResponseReturnValue:
    """See and write down what one person needs."""
    registration = registration_or_404(edition, number)
    form = NeedsForm.of(registration.needs)
    if form.validate_on_submit():
        try:
            actions_organise.write_needs(
                registration, details=form.details(registration), by=access.here(), now=clock.now()
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("The needs are saved.") if form.details(registration).has_needs else _("The needs are taken away."))
            return redirect(url_for(".one", edition=edition, number=number))
    _written_down(registration)
    return render_template(
        "registrations/admin/needs_of.html", edition=edition, registration=registration, form=form
    ), form.status
