"""The organisers' frame: its menu, the way to one's editions, and what waits in an edition."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.admin import menu, queries, waiting, waiting_pitches
from blender_event.core import clock
from blender_event.core.access import insider, open_to, organiser
from blender_event.core.text import Words, _
from blender_event.people import access, rules
from blender_event.people.models import Person
from blender_event.pitches import queries_reviewing
from blender_event.programme import queries as programme_queries
from blender_event.programme import queries_speakers
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
        "admin_menu": _menu(person, edition) if person else [],
        "sign_out_url": url_for("people.sign_out"),
    }


def _menu(person: Person, edition: Edition | None) -> list[menu.Group]:
    """The whole menu for who organises this edition; their own pitches to judge for who only does that."""
    here = (request.view_args or {}).get("edition")
    if edition is None and here is not None and rules.may_review(person.roles, here.id):
        return menu.judging(here, queries_reviewing.waiting(person, here, clock.now()), alone=len(person.roles) == 1)
    return menu.groups(edition, queries.menu_counts(edition, person))


@bp.get("")
@open_to(insider)
def home() -> ResponseReturnValue:
    """Go straight to the only thing there is to do, or choose: several editions, or several hats."""
    person = access.here()
    editions = programme_queries.editions_of(person) if person.roles else []
    may_add = rules.is_chief(person.roles)
    ways = {edition.id: _ways_in(edition) for edition in editions}
    speaking = url_for("speaker.overview") if queries_speakers.speaks(person, None) else None
    everywhere = [href for found in ways.values() for href, _words in found] + [speaking] * bool(speaking)
    if len(everywhere) == 1 and not may_add:
        return redirect(everywhere[0] or abort(404))
    today = clock.today("Europe/Brussels")
    coming = [edition for edition in editions if edition.ends_on >= today]
    past = [edition for edition in editions if edition.ends_on < today]
    adding = url_for(".editions.create") if may_add else None
    return render_template(
        "admin/home.html", coming=coming[::-1], past=past, ways=ways, new_edition_url=adding, speaking=speaking
    )


def _ways_in(edition: Edition) -> list[tuple[str, Words]]:
    """Who organises begins at the overview, who helps at the door with the list of who comes, who judges with the pitches."""
    roles = access.here().roles
    if rules.may_organise(roles, edition.id):
        return [(url_for(".dashboard", edition=edition), _("Organise"))]
    found: list[tuple[str, Words]] = []
    if rules.may_help_at_the_desk(roles, edition.id):
        found.append((url_for(".desk.attendees", edition=edition), _("Welcome people")))
    if rules.may_review(roles, edition.id):
        found.append((url_for(".review.listing", edition=edition), _("Judge pitches")))
    return found


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
        tasks=[*waiting_pitches.tasks(edition), *waiting.tasks(edition, figures)],
        tiles=waiting.tiles(edition, figures, sees_needs=access.sees_needs(edition)),
        weeks=queries.weeks(edition),
        mix=waiting.groups(queries.groups(edition)),
        health=waiting.mail_health(queries.mail_state(), now=now),
        days_left=(edition.starts_on - clock.today(edition.zone)).days,
    )
