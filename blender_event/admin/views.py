"""The organisers' frame: its menu, the way to one's editions, and what waits in an edition."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.admin import menu, queries, waiting
from blender_event.core import clock
from blender_event.core.access import desk, open_to, organiser
from blender_event.people import access, rules
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition

bp = Blueprint("admin", __name__, url_prefix="/beheer")


@bp.context_processor
def frame() -> dict[str, Any]:
    """What every organiser's page shows around its content; a page that was refused shows nothing of the edition."""
    person = access.who()
    edition = (request.view_args or {}).get("edition")
    if edition is not None and not (person and rules.may_organise(person.roles, edition.id)):
        edition = None
    return {
        "who": person,
        "edition": edition,
        "admin_menu": menu.groups(edition, queries.menu_counts(edition)) if person else [],
        "sign_out_url": url_for("people.sign_out"),
    }


@bp.get("")
@open_to(desk)
def home() -> ResponseReturnValue:
    """Go straight to the only edition there is to organise or to help in, or choose one."""
    person = access.here()
    editions = programme_queries.editions_of(person)
    may_add = rules.is_chief(person.roles)
    ways = {edition.id: _way_in(edition) for edition in editions}
    if len(editions) == 1 and not may_add:
        return redirect(ways[editions[0].id])
    today = clock.today("Europe/Brussels")
    coming = [edition for edition in editions if edition.ends_on >= today]
    past = [edition for edition in editions if edition.ends_on < today]
    adding = url_for(".editions.create") if may_add else None
    return render_template("admin/home.html", coming=coming[::-1], past=past, ways=ways, new_edition_url=adding)


def _way_in(edition: Edition) -> str:
    """Who organises begins at the overview, who helps at the door with the list of who comes."""
    organises = rules.may_organise(access.here().roles, edition.id)
    return url_for(".dashboard" if organises else ".desk.attendees", edition=edition)


@bp.get("/<edition:edition>")
@open_to(organiser)
def dashboard(edition: Edition) -> ResponseReturnValue:
    """What waits first, then how many come, then how that grew."""
    now = clock.now()
    figures = queries.figures(edition)
    return render_template(
        "admin/dashboard.html",
        edition=edition,
        figures=figures,
        tasks=waiting.tasks(edition, figures),
        tiles=waiting.tiles(edition, figures, sees_needs=access.sees_needs(edition)),
        weeks=queries.weeks(edition),
        mix=waiting.groups(queries.groups(edition)),
        health=waiting.mail_health(queries.mail_state(), now=now),
        days_left=(edition.starts_on - clock.today(edition.zone)).days,
    )
