"""Organisers register who calls, writes on paper or stands at the desk."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import KeyReused, Repeated, RuleBroken
from blender_event.core.text import _
from blender_event.people import access
from blender_event.programme.models import Edition
from blender_event.registrations import actions_organise, queries
from blender_event.registrations.admin import bp
from blender_event.registrations.forms_organise import NewForm


@bp.route("/nieuw", methods=["GET", "POST"])
@open_to(organiser)
def new(edition: Edition) -> ResponseReturnValue:
    """Register somebody else; without a mail address they get a confirmation on paper."""
    form = NewForm.for_edition(edition, with_needs=access.sees_needs(edition))
    status = 200
    if form.validate_on_submit():
        try:
            number = _register(edition, form)
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except KeyReused:
            db.session.rollback()
            form.general.append(
                _("This page was used before for somebody else. Open it anew, so that nobody is registered twice.")
            )
            status = 409
        except Repeated as done:
            db.session.rollback()
            return redirect(url_for(".one", edition=edition, number=int(done.result)))
        else:
            return redirect(url_for(".one", edition=edition, number=number))
    page = render_template("registrations/admin/new.html", edition=edition, form=form, seats=queries.seats(edition))
    return page, status if status != 200 else form.status


def _register(edition: Edition, form: NewForm) -> int:
    details = form.details()
    registration = actions_organise.register_for(
        edition,
        now=clock.now(),
        details=details,
        given_by=form.given_by.data or f"{details.first_name} {details.last_name}".strip(),
        by=access.here(),
        source=form.source.data,
        language=form.language.data,
        note=form.note.data or "",
        key=form.key.data or "",
        digest=form.digest(),
    )
    number, name, has_place = registration.id, registration.name, registration.status == "confirmed"
    db.session.commit()
    flash(_("%(name)s has a place.", name=name) if has_place else _("%(name)s is on the waiting list.", name=name))
    return number
