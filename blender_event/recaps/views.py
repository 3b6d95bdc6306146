"""The recap as everyone reads it."""

from flask import Blueprint, Response, abort, render_template

from blender_event.core import markdown
from blender_event.core.access import everyone, open_to
from blender_event.programme.models import Edition
from blender_event.programme.views import answer
from blender_event.recaps import queries
from blender_event.recaps.models import Recap

bp = Blueprint("recaps", __name__)
WORDS_A_MINUTE = 220


def reading_minutes(recap: Recap) -> int:
    """About how long reading takes, at least one minute."""
    return max(1, round(len(recap.body.split()) / WORDS_A_MINUTE))


@bp.get("/<edition:edition>/terugblik")
@open_to(everyone)
def recap_page(edition: Edition) -> Response:
    """Read back what the day was."""
    if not edition.has_recap:
        abort(404)
    return answer(edition, lambda: _page(edition))


def _page(edition: Edition) -> str:
    recap = queries.recap_of(edition)
    if recap is None:
        abort(404)
    lead, rest = markdown.parted(recap.body_html)
    return render_template(
        "recaps/recap.html",
        edition=edition,
        recap=recap,
        lead=lead,
        rest=rest,
        minutes=reading_minutes(recap),
        current_section="terugblik",
    )
