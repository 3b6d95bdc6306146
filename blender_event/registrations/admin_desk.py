"""Helpers at the desk find who comes: name, organisation and status, and nothing else."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from blender_event.core.access import desk, open_to
from blender_event.core.text import clean
from blender_event.programme.models import Edition
from blender_event.registrations import labels, queries_organise

bp = Blueprint("desk", __name__, url_prefix="/<edition:edition>/onthaal")


@bp.get("")
@open_to(desk)
def attendees(edition: Edition) -> ResponseReturnValue:
    """Find somebody at the door by name."""
    search = clean(request.args.get("q"), longest=100)
    number = min(max(request.args.get("page", 1, int), 1), 1_000_000)
    page = queries_organise.at_the_desk(edition, search, number)
    return render_template(
        "registrations/admin/desk.html", edition=edition, page=page, search=search, statuses=labels.STATUSES
    )
