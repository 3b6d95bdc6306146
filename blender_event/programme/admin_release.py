"""Organisers publish: what changes, what stands in the way, who is told; earlier versions, and the way back."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.core.text import _
from blender_event.mail import outbox
from blender_event.people import access
from blender_event.programme import queries, release
from blender_event.programme.forms_sessions import ConfirmForm, ReleaseForm
from blender_event.programme.models import Edition

bp = Blueprint("release", __name__, url_prefix="/<edition:edition>")


@bp.route("/publiceren", methods=["GET", "POST"])
@open_to(organiser)
def publish(edition: Edition) -> ResponseReturnValue:
    """See what a release would do, then do it. The button “read the mails” only shows them."""
    form = ReleaseForm()
    if form.validate_on_submit():
        try:
            tell = form.tell.data != "no"
            seen, number = form.seal.data or "", int(form.number.data or 0)
            done = release.release(
                edition, by=access.here(), reason=form.reason.data or "", tell=tell, seen=seen, number=number
            )
            if request.form.get("go") == "mails":
                letters = outbox.written_now()
                db.session.rollback()
                return render_template("programme/admin/letters.html", edition=edition, letters=letters)
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except (Conflict, ValueError):
            db.session.rollback()
            form.general.append(_("The draft changed after you looked. Check it once more."))
        else:
            number = done.number
            db.session.commit()
            flash(_("Version %(number)s is online.", number=number))
            return redirect(url_for(".versions", edition=edition))
    preview = release.preview(edition)
    form.seal.data, form.number.data = preview.seal, str(preview.number)
    current = queries.release_number(edition, edition.released_number) if edition.released_number else None
    page = render_template("programme/admin/publish.html", edition=edition, form=form, preview=preview, current=current)
    return page, form.status


@bp.get("/versies")
@open_to(organiser)
def versions(edition: Edition) -> ResponseReturnValue:
    """Every version: when, who, why, and what changed."""
    rows = [(row, queries.changes_of(row)) for row in queries.releases(edition)]
    return render_template("programme/admin/versions.html", edition=edition, rows=rows)


@bp.route("/versies/<int:number>/terugzetten", methods=["GET", "POST"])
@open_to(organiser)
def restore(edition: Edition, number: int) -> ResponseReturnValue:
    """Put the draft back to an earlier version."""
    row = queries.release_number(edition, number)
    if row is None:
        abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        later = release.restore(edition, number, by=access.here())
        db.session.commit()
        flash(_("The draft is version %(number)s again. Publish it to put it online.", number=number))
        if later:
            flash(_("These sessions are newer and stayed: %(titles)s.", titles=", ".join(later)), "info")
        return redirect(url_for(".publish", edition=edition))
    return render_template("programme/admin/restore.html", edition=edition, form=form, row=row), form.status
