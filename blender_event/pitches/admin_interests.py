"""Organisers read who wants to think along, and take the list along."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core import clock, spreadsheets
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db, writing
from blender_event.core.text import _
from blender_event.people import access
from blender_event.pitches import actions_think_along as actions
from blender_event.pitches import queries_interests
from blender_event.pitches.admin import bp
from blender_event.pitches.models import Interest
from blender_event.programme.forms_sessions import ConfirmForm
from blender_event.programme.models import Edition


@bp.get("/ik-denk-mee")
@open_to(organiser)
def interests(edition: Edition) -> ResponseReturnValue:
    """See who wants to think along with which pitch, the last first."""
    pitches = queries_interests.pitches_with_interest(edition)
    chosen = _chosen({number for number, _title, _many in pitches})
    total = sum(many for number, _title, many in pitches if chosen in (None, number))
    pages = max(1, -(-total // queries_interests.PAGE))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    return render_template(
        "pitches/admin/interests.html",
        edition=edition,
        rows=queries_interests.page(edition, pitch=chosen, page=page),
        pitches=pitches,
        chosen=chosen,
        total=total,
        page=page,
        pages=pages,
    )


def _chosen(known: set[int]) -> int | None:
    """The pitch of the address, when somebody thinks along with it."""
    typed = request.args.get("pitch", 0, int)
    return typed if typed in known else None


@bp.get("/ik-denk-mee/uitvoer/<form>")
@open_to(organiser)
def export_interests(edition: Edition, form: str) -> ResponseReturnValue:
    """The list as a file. Who took it is written down before anything leaves."""
    if form not in spreadsheets.FORMS:
        abort(404)
    chosen = _chosen({number for number, _title, _many in queries_interests.pitches_with_interest(edition)})
    by = access.here()
    db.session.rollback()
    with writing():
        audit.note("interests exported", edition, by=by, new={"form": form})
        db.session.commit()
    rows = queries_interests.to_take_along(edition, pitch=chosen)
    file = spreadsheets.WRITERS[form](_lines(rows, edition.zone), str(_("I think along")))
    name = f"ik-denk-mee-{edition.slug}-{clock.today(edition.zone).isoformat()}.{form}"
    response: Response = send_file(
        file, mimetype=spreadsheets.FORMS[form], as_attachment=True, download_name=name, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(rows: Iterable[Interest], zone: str) -> Iterator[list[str]]:
    """The head and every row as text."""
    heads = (_("Pitch"), _("Name"), _("Organisation"), _("E-mail address"), _("What they wrote"), _("Left on"))
    yield [str(words) for words in heads]
    local = ZoneInfo(zone)
    for row in rows:
        left = row.created_at.astimezone(local).strftime("%Y-%m-%d %H:%M")
        yield [row.pitch.title, row.name, row.organisation, row.email, row.words, left]


@bp.route("/ik-denk-mee/<int:number>/verwijderen", methods=["GET", "POST"])
@open_to(organiser)
def forget_interest(edition: Edition, number: int) -> ResponseReturnValue:
    """Remove what somebody left, because they asked for it."""
    interest = queries_interests.in_edition(edition, number) or abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        actions.forget_interest(interest, by=access.here())
        db.session.commit()
        flash(_("It is removed."))
        return redirect(url_for(".interests", edition=edition))
    page = render_template("pitches/admin/forget_interest.html", edition=edition, form=form, interest=interest)
    return page, form.status
