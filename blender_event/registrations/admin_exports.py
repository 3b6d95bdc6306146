"""Registrations leave the app: files for a spreadsheet, and the attendance list on paper."""

from flask import Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, spreadsheets
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db, writing
from blender_event.core.text import _
from blender_event.people import access
from blender_event.programme.models import Edition
from blender_event.registrations import actions_organise, exports, queries_organise, rules
from blender_event.registrations.admin import bp
from blender_event.registrations.forms import ATTENDANCES


@bp.get("/uitvoer")
@open_to(organiser)
def export(edition: Edition) -> ResponseReturnValue:
    """Choose what to take along."""
    return render_template(
        "registrations/admin/export.html",
        edition=edition,
        columns=exports.offered(sees_needs=access.sees_needs(edition)),
        usual=exports.USUAL,
        sensitive=exports.NEEDS_COLUMNS,
        who=exports.WHO,
        ways=ATTENDANCES,
    )


@bp.get("/uitvoer/bestand")
@open_to(organiser)
def export_file(edition: Edition) -> ResponseReturnValue:
    """The file itself. Who took what is written down before anything leaves."""
    offered = exports.offered(sees_needs=access.sees_needs(edition))
    asked = set(request.args.getlist("columns")) or set(exports.USUAL)
    columns = [column for column in offered if column in asked]
    form, status, attendance = (request.args.get(name, "") for name in ("form", "status", "attendance"))
    form = form or "xlsx"
    if (
        form not in spreadsheets.FORMS
        or status not in exports.WHO
        or attendance not in ("", *rules.ATTENDANCES)
        or not columns
    ):
        abort(404)
    by = access.here()
    db.session.rollback()
    with writing():
        actions_organise.exported(edition, form=form, columns=columns, status=status or "all", by=by)
        db.session.commit()
    with_needs = bool(exports.NEEDS_COLUMNS.keys() & set(columns))
    rows = queries_organise.to_take_along(edition, status=status, attendance=attendance, with_needs=with_needs)
    file = spreadsheets.WRITERS[form](exports.table(rows, columns, edition.zone), str(_("Registrations")))
    name = f"inschrijvingen-{edition.slug}-{clock.today(edition.zone).isoformat()}.{form}"
    response: Response = send_file(
        file, mimetype=spreadsheets.FORMS[form], as_attachment=True, download_name=name, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/aanwezigheidslijst")
@open_to(organiser)
def attendance_list(edition: Edition) -> ResponseReturnValue:
    """Everybody with a place, by name, with room to sign; made to be printed."""
    way = request.args.get("attendance", "onsite")
    if way not in rules.ATTENDANCES:
        abort(404)
    tabs = [
        {
            "label": label,
            "href": url_for(".attendance_list", edition=edition, attendance=other),
            "current": other == way,
        }
        for other, label in ATTENDANCES.items()
        if edition.offers(other)
    ]
    people = queries_organise.who_comes(edition, way)
    return render_template(
        "registrations/admin/attendance.html", edition=edition, people=people, way=way, ways=ATTENDANCES, tabs=tabs
    )
