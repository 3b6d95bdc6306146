"""Organisers find registrations: the list, the waiting list, and forms that were put aside."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.core.text import Words, _, clean
from blender_event.people import access
from blender_event.people.forms import ButtonForm
from blender_event.programme.labels_people import GROUPS
from blender_event.programme.models import Edition
from blender_event.registrations import actions, actions_organise, labels, queries, queries_organise
from blender_event.registrations.forms import ATTENDANCES
from blender_event.registrations.forms_organise import ParkedForm
from blender_event.registrations.models import Parked, Registration
from blender_event.registrations.queries_organise import Wanted

bp = Blueprint("registrations", __name__, url_prefix="/<edition:edition>/inschrijvingen")
KINDS: dict[str, dict[str, Words]] = {
    "status": labels.STATUSES,
    "attendance": ATTENDANCES,
    "group": GROUPS,
    "source": labels.SOURCES,
}
MARKS: dict[str, tuple[str, Words]] = {
    "verified": ("no", _("Address not confirmed yet")),
    "needs": ("yes", _("Asks for something")),
    "promoted": ("yes", _("Came from the waiting list")),
}


def registration_or_404(edition: Edition, number: int) -> Registration:
    return queries.in_edition(edition, number) or abort(404)


@bp.get("")
@open_to(organiser)
def listing(edition: Edition) -> ResponseReturnValue:
    """Find somebody, or see who comes. What the list does not know in an address is left aside."""
    chosen = _chosen()
    wanted = _wanted(chosen)
    page = queries_organise.registrations(edition, wanted, _page())
    return render_template(
        "registrations/admin/list.html",
        edition=edition,
        page=page,
        questions=queries_organise.questions(row.id for row in page.rows),
        wanted=wanted,
        chosen=chosen,
        tabs=_tabs(edition, page.by_status, chosen),
        chips=_chips(edition, chosen),
        kinds=KINDS,
        marks=MARKS,
        sees_needs=access.sees_needs(edition),
    )


def _page() -> int:
    return min(max(request.args.get("page", 1, int), 1), 1_000_000)


def _chosen() -> dict[str, str]:
    """The filters of the address that the list knows."""
    found = {name: request.args.get(name, "") for name in KINDS if request.args.get(name) in KINDS[name]}
    found |= {name: value for name, (value, _words) in MARKS.items() if request.args.get(name) == value}
    search = clean(request.args.get("q"), longest=100)
    return found | ({"q": search} if search else {})


def _wanted(chosen: dict[str, str]) -> Wanted:
    sort = request.args.get("sort", "")
    return Wanted(
        search=chosen.get("q", ""),
        **{name: chosen.get(name, "") for name in KINDS},  # type: ignore[arg-type]
        unverified="verified" in chosen,
        with_needs="needs" in chosen,
        promoted="promoted" in chosen,
        sort="date" if sort.removeprefix("-") == "date" else "name",
        descending=sort.startswith("-") and sort[1:] in ("date", "name"),
    )


def _tabs(edition: Edition, by_status: dict[str, int], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The filters people use most, each an address."""

    def tab(label: Words, count: int | None, **filters: Any) -> dict[str, Any]:
        return {
            "label": label,
            "count": count,
            "href": url_for(".listing", edition=edition, **filters),
            "current": chosen == filters,
        }

    return [
        tab(_("All"), sum(by_status.values())),
        tab(_("Has a place"), by_status["confirmed"], status="confirmed"),
        tab(_("Waiting list"), by_status["waiting"], status="waiting"),
        tab(_("Cancelled"), by_status["cancelled"], status="cancelled"),
        tab(_("Address not confirmed yet"), None, verified="no"),
    ]


def _chips(edition: Edition, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """Each filter in use, as a link that takes it away."""
    found = []
    for name, value in chosen.items():
        label: Words = value if name == "q" else MARKS[name][1] if name in MARKS else KINDS[name][value]
        rest: dict[str, Any] = {other: kept for other, kept in chosen.items() if other != name}
        found.append({"label": label, "href": url_for(".listing", edition=edition, **rest)})
    return found


@bp.get("/wachtlijst")
@open_to(organiser)
def waiting_list(edition: Edition) -> ResponseReturnValue:
    """See who is next, and who was passed by whom and why."""
    seats = queries.seats(edition)
    waits = {"onsite": seats.onsite_waiting, "online": seats.online_waiting}
    way = request.args.get("attendance", "")
    if way not in waits:
        way = "online" if waits["online"] and not waits["onsite"] else "onsite"
    tabs = [
        {
            "label": label,
            "count": waits[other],
            "href": url_for(".waiting_list", edition=edition, attendance=other),
            "current": other == way,
        }
        for other, label in ATTENDANCES.items()
    ]
    return render_template(
        "registrations/admin/waiting.html",
        edition=edition,
        tabs=tabs,
        way=way,
        way_words=ATTENDANCES[way],
        left=seats.left(way),
        page=queries_organise.in_line(edition, way, _page(), waits[way]),
        size=queries_organise.PAGE_SIZE,
        overtaken=queries_organise.overtaken(edition),
    )


@bp.get("/geparkeerd")
@open_to(organiser)
def parked(edition: Edition) -> ResponseReturnValue:
    """Look at forms in which a field was filled in that people do not see."""
    return render_template("registrations/admin/parked.html", edition=edition, forms=queries.parked(edition))


def _parked_or_404(edition: Edition, number: int) -> Parked:
    return queries_organise.parked_form(edition, number, locked=request.method == "POST") or abort(404)


@bp.route("/geparkeerd/<int:number>", methods=["GET", "POST"])
@open_to(organiser)
def accept_parked(edition: Edition, number: int) -> ResponseReturnValue:
    """Register a person whose form was put aside after all."""
    found = _parked_or_404(edition, number)
    form = ParkedForm.of(found, edition)
    if form.validate_on_submit():
        try:
            registration = actions.accept_parked(found, details=form.details(), by=access.here(), now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            assert registration is not None
            number = registration.id
            db.session.commit()
            flash(_("%(name)s is registered.", name=registration.name))
            return redirect(url_for(".one", edition=edition, number=number))
    return render_template(
        "registrations/admin/accept_parked.html", edition=edition, form=form, parked=found
    ), form.status


@bp.route("/geparkeerd/<int:number>/verwijderen", methods=["GET", "POST"])
@open_to(organiser)
def forget_parked(edition: Edition, number: int) -> ResponseReturnValue:
    """Remove a form that no person meant."""
    found = _parked_or_404(edition, number)
    form = ButtonForm()
    if form.validate_on_submit():
        actions_organise.forget_parked(found, by=access.here())
        db.session.commit()
        flash(_("The form is removed."))
        return redirect(url_for(".parked", edition=edition))
    return render_template(
        "registrations/admin/forget_parked.html", edition=edition, form=form, parked=found
    ), form.status
