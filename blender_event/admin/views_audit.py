"""The audit trail: who did what to which row."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blender_event.admin import deeds, queries_lists
from blender_event.admin.views_mails import bp
from blender_event.core.access import open_to, organiser
from blender_event.people import access, rules
from blender_event.programme.models import Edition


@bp.get("/<edition:edition>/logboek")
@open_to(organiser)
def audit(edition: Edition) -> ResponseReturnValue:
    """Find out who did what, when, and what it was before."""
    chief = rules.is_chief(access.here().roles)
    by = request.args.get("by", None, int)
    row = request.args.get("row", None, int)
    kind = request.args.get("kind", "")
    page = queries_lists.deeds(
        edition, with_unbound=chief, by=by, kind=kind, row=row, page=request.args.get("page", 1, int)
    )
    return render_template(
        "admin/audit.html",
        edition=edition,
        page=page,
        lines=[deeds.line(deed, edition.zone) for deed in page.rows],
        people=queries_lists.doers(edition, with_unbound=chief),
        kinds=[
            (found, deeds.KINDS.get(found, found)) for found in queries_lists.kinds_done(edition, with_unbound=chief)
        ],
        by=by,
        kind=kind,
        row=row,
    )
