"""Organisers share pitches out among judges: by theme, evenly, or one by one in a table."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.core.text import Words, _, counted
from blender_event.people import access
from blender_event.pitches import actions_judging as actions
from blender_event.pitches import queries_judges as judges
from blender_event.pitches.admin import bp
from blender_event.pitches.admin_judges import call_or_404
from blender_event.pitches.forms_judging import ShareForm, TableForm
from blender_event.pitches.models import Call
from blender_event.programme.models import Edition

WAYS = {"thema": "theme", "gelijk": "evenly"}
MOST_EACH = 9


def _assigned_call(edition: Edition, number: int) -> Call:
    """A call whose pitches are given to judges; where everyone judges everything there is nothing to share."""
    found = call_or_404(edition, number)
    return found if found.judged_by == "assigned" else abort(404)


@bp.route("/jury/<int:call>/verdelen/<any(thema, gelijk):way>", methods=["GET", "POST"])
@open_to(organiser)
def share(edition: Edition, call: int, way: str) -> ResponseReturnValue:
    """See who would get what, then write exactly that."""
    found = _assigned_call(edition, call)
    each = min(max(request.args.get("each", 2, int), 1), MOST_EACH)
    form = ShareForm()
    if form.validate_on_submit():
        try:
            number = actions.share(found, WAYS[way], each, seen=form.seen.data or "", by=access.here(), now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_given(number))
            return redirect(url_for(".jury", edition=edition, call=call))
    plan = actions.plan(found, WAYS[way], each)
    form.seen.data = actions.seal(plan.pairs)
    return render_template(
        "pitches/review/share.html", edition=edition, call=found, form=form, way=way, each=each, most=MOST_EACH,
        **_shown(found, plan),
    ), form.status  # fmt: skip


def _shown(call: Call, plan: Any) -> dict[str, Any]:
    """A plan in names: what each judge has and gets, which pitches get whom, and what stays short."""
    seats = judges.seats(call)
    names = {one.judge.person_id: one.person.name for one in seats}
    gets = plan.load()
    titles = judges.titles([*plan.gives, *plan.short, *(pitch for pitch, _judge in plan.near)])
    called = {number: title or _("without a title") for number, title in titles.items()}
    return {
        "loads": [(one.person.name, one.given, gets.get(one.judge.person_id, 0)) for one in seats],
        "gives": [(called[pitch], sorted(names[one] for one in given)) for pitch, given in sorted(plan.gives.items())],
        "short": [(called[pitch], lacks) for pitch, lacks in sorted(plan.short.items())],
        "near": [(called[pitch], names[judge]) for pitch, judge in plan.near],
        "total": len(plan.pairs),
    }


def _given(number: int) -> Words:
    if not number:
        return _("Everything was given already.")
    return counted(
        "One pitch is given to a judge. The mail is on its way.",
        "%(num)s times a pitch is given to a judge. Each judge gets one mail.",
        number,
    )


@bp.route("/jury/<int:call>/tabel", methods=["GET", "POST"])
@open_to(organiser)
def table(edition: Edition, call: int) -> ResponseReturnValue:
    """Tick who judges which pitch. Only what was ticked or unticked here changes, so two people can do this at once."""
    found = _assigned_call(edition, call)
    page = min(max(request.args.get("page", 1, int), 1), 1_000_000)
    form = TableForm()
    if form.validate_on_submit():
        ticked, had = form.pairs()
        try:
            given, taken = actions.change_by_hand(
                found, give=ticked - had, take=had - ticked, by=access.here(), now=clock.now()
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_changed(given, taken))
            return redirect(url_for(".table", edition=edition, call=call, page=page if page > 1 else None))
    seats = judges.seats(found)
    sheet = judges.sheet(found, page)
    jurors = {one.id: one for one in judges.jurors(found, seats)}
    people = {one.judge.person_id for one in seats}
    kept = sheet.held - sheet.written
    ticked = form.pairs()[0] if form.general else kept
    form.had.data = " ".join(f"{pitch}-{person}" for pitch, person in sorted(kept) if person in people)
    return render_template(
        "pitches/review/table.html",
        edition=edition,
        call=found,
        form=form,
        seats=seats,
        sheet=sheet,
        jurors=jurors,
        ticked=ticked,
    ), form.status


def _changed(given: int, taken: int) -> Words:
    if not given and not taken:
        return _("Nothing was different.")
    return _("Given: %(given)s. Taken back: %(taken)s. Who got something new gets one mail.", given=given, taken=taken)
