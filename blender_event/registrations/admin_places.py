"""Organisers decide how many may come: raising tells who gets a place, lowering sends nobody away by itself."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import _, counted
from blender_event.mail import outbox
from blender_event.people import access
from blender_event.programme.models import Edition
from blender_event.registrations import actions, actions_organise, queries, rules
from blender_event.registrations.admin import bp
from blender_event.registrations.forms import ATTENDANCES
from blender_event.registrations.forms_organise import LastInForm, PlacesForm


@bp.route("/plaatsen", methods=["GET", "POST"])
@open_to(organiser)
def places(edition: Edition) -> ResponseReturnValue:
    """Offer more or fewer places. The button “see first” only shows who would get one."""
    form = PlacesForm()
    conflict = False
    if not form.was_sent():
        form.capacity_onsite.data, form.capacity_online.data = (
            _shown(edition.capacity_onsite),
            _shown(edition.capacity_online),
        )
        form.seen.data = actions_organise.seen_places(edition)
    if form.validate_on_submit():
        wanted = form.places()
        try:
            got = actions_organise.change_places(
                edition,
                onsite=wanted["onsite"],
                online=wanted["online"],
                seen=form.seen.data or "",
                by=access.here(),
                now=clock.now(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            conflict = True
            form.seen.data = actions_organise.seen_places(edition)
        else:
            if request.form.get("go") == "look":
                return _looked(edition, form)
            promoted = len(got)
            db.session.commit()
            _tell(promoted)
            return redirect(url_for(".places", edition=edition))
    return _page(edition, form, conflict=conflict)


def _shown(capacity: int | None) -> str:
    return "" if capacity is None else str(capacity)


def _tell(promoted: int) -> None:
    flash(_("The number of places is saved."))
    if promoted:
        flash(
            counted(
                "%(num)s person from the waiting list has a place.",
                "%(num)s people from the waiting list have a place.",
                promoted,
            )
        )


def _page(edition: Edition, form: PlacesForm, *, conflict: bool) -> ResponseReturnValue:
    seats = queries.seats(edition)
    page = render_template(
        "registrations/admin/places.html",
        edition=edition,
        form=form,
        conflict=conflict,
        seats=seats,
        over={way: rules.surplus(seats, way) for way in rules.ATTENDANCES},
        ways=ATTENDANCES,
    )
    return page, 409 if conflict else form.status


def _looked(edition: Edition, form: PlacesForm) -> ResponseReturnValue:
    """What would happen, and nothing did."""
    letters = outbox.written_now()
    seats = queries.seats(edition)
    over = {way: rules.surplus(seats, way) for way in rules.ATTENDANCES}
    db.session.rollback()
    return render_template(
        "registrations/admin/places_look.html", edition=edition, form=form, letters=letters, over=over, ways=ATTENDANCES
    )


@bp.route("/plaatsen/laatste-op-locatie", methods=["GET", "POST"], defaults={"way": "onsite"})
@bp.route("/plaatsen/laatste-online", methods=["GET", "POST"], defaults={"way": "online"})
@open_to(organiser)
def last_in(edition: Edition, way: str) -> ResponseReturnValue:
    """“Last in, first out”: see who came last and what they would read, then take their places back."""
    form = LastInForm()
    amount = rules.surplus(queries.seats(edition), way)
    if form.validate_on_submit():
        try:
            gone = actions.let_last_go(
                edition, way, expected=carried_number(form.expected.data), by=access.here(), now=clock.now()
            )
        except Conflict:
            db.session.rollback()
            form.general.append(_("It is no longer the same number of people. Look again."))
            amount = rules.surplus(queries.seats(edition), way)
        else:
            if request.form.get("go") == "look":
                letters = outbox.written_now()
                db.session.rollback()
                back = url_for(".last_in", edition=edition, way=way)
                return render_template("registrations/admin/letters.html", edition=edition, letters=letters, back=back)
            number = len(gone)
            db.session.commit()
            flash(counted("%(num)s registration is cancelled.", "%(num)s registrations are cancelled.", number))
            return redirect(url_for(".places", edition=edition))
    form.expected.data = str(amount)
    going = queries.latest_confirmed(edition, way, amount) if amount else []
    page = render_template(
        "registrations/admin/last_in.html", edition=edition, form=form, way=way, going=going, ways=ATTENDANCES
    )
    return page, 409 if form.general else form.status
