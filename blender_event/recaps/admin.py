"""Organisers write the recap, look at it first, publish it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import markdown
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict
from blender_event.core.forms import carried_number
from blender_event.core.text import _
from blender_event.people import access
from blender_event.programme.models import Edition
from blender_event.recaps import actions, queries
from blender_event.recaps.forms import RecapForm

bp = Blueprint("recaps", __name__, url_prefix="/<edition:edition>/terugblik")


@bp.route("", methods=["GET", "POST"])
@open_to(organiser)
def write(edition: Edition) -> ResponseReturnValue:
    """Write the recap. “Look at it” shows it without keeping it; the other buttons keep or publish it."""
    recap = queries.recap_of(edition)
    form = RecapForm()
    if recap is not None and not form.was_sent():
        form.show(recap)
    preview, other, conflict = None, None, False
    if form.validate_on_submit():
        go = request.form.get("go", "")
        if go == "preview":
            preview = {"body": markdown.html(form.body.data), "call": markdown.html(form.call.data)}
        else:
            try:
                seen = carried_number(form.seen.data)
                actions.write(edition, words=form.words(), seen=seen, publish=go == "publish", by=access.here())
            except Conflict:
                db.session.rollback()
                conflict, other = True, queries.recap_of(edition)
                form.seen.data = str(other.revision if other else 0)
            else:
                db.session.commit()
                flash(_("The recap is online.") if go == "publish" else _("The recap is saved."))
                return redirect(url_for(".write", edition=edition))
    page = render_template(
        "recaps/admin/write.html", edition=edition, form=form, recap=recap, preview=preview, other=other
    )
    return page, 409 if conflict else form.status


@bp.post("/offline")
@open_to(organiser)
def withdraw(edition: Edition) -> ResponseReturnValue:
    """Take the recap offline; what was written stays."""
    recap = queries.recap_of(edition) or abort(404)
    actions.withdraw(recap, edition, by=access.here())
    db.session.commit()
    flash(_("The recap is offline. What you wrote is still here."))
    return redirect(url_for(".write", edition=edition))
