"""Organisers make a jury: who judges a call, what they know about, how much they have, and a reminder."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, limits
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.core.text import _, counted
from blender_event.mail import outbox
from blender_event.people import access
from blender_event.people.forms import ButtonForm
from blender_event.pitches import actions_judging as actions
from blender_event.pitches import labels, queries
from blender_event.pitches import queries_judges as judges
from blender_event.pitches import rules_judging as rules
from blender_event.pitches.admin import bp
from blender_event.pitches.forms_judging import JudgeForm, ThemesForm
from blender_event.pitches.models import Call
from blender_event.pitches.models_judging import Judge
from blender_event.programme.models import Edition

INVITATIONS = "60 per hour; 200 per day"


def call_or_404(edition: Edition, number: int) -> Call:
    return judges.call_of(edition, number) or abort(404)


def judge_or_404(call: Call, number: int) -> Judge:
    return judges.judge_of(call, number) or abort(404)


@bp.get("/jury")
@open_to(organiser)
def juries(edition: Edition) -> ResponseReturnValue:
    """Go to the jury of the first call; without a call there is nothing to judge."""
    calls = queries.calls(edition)
    if calls:
        return redirect(url_for(".jury", edition=edition, call=calls[0].id))
    return render_template("pitches/review/no_call.html", edition=edition)


@bp.get("/jury/<int:call>")
@open_to(organiser)
def jury(edition: Edition, call: int) -> ResponseReturnValue:
    """See who judges, how far they are, and what nobody has."""
    found = call_or_404(edition, call)
    seats = judges.seats(found)
    now = clock.now()
    tabs = [
        {"label": one.title, "href": url_for(".jury", edition=edition, call=one.id), "current": one.id == found.id}
        for one in queries.calls(edition)
    ]
    return render_template(
        "pitches/review/jury.html",
        edition=edition,
        call=found,
        tabs=tabs,
        seats=seats,
        everyone=found.judged_by == "everyone",
        to_judge=judges.to_judge(found),
        nobodys=0 if found.judged_by == "everyone" else judges.given_to_nobody(found),
        remindable=len(actions.to_remind(found, now)),
        closed=rules.is_closed(found, now),
        judges_here=any(one.judge.person_id == access.here().id for one in seats),
        themes=labels.THEMES,
    )


@bp.route("/jury/<int:call>/nodig-uit", methods=["GET", "POST"])
@open_to(organiser)
def add_judge(edition: Edition, call: int) -> ResponseReturnValue:
    """Ask somebody to judge, by mail."""
    form = JudgeForm()
    if form.was_sent() and not limits.allowed("ask judges", str(access.here().id), INVITATIONS):
        abort(429)
    found = call_or_404(edition, call)
    if form.validate_on_submit():
        try:
            judge = actions.add_judge(
                found,
                email=form.email.data or "",
                name=form.name.data or "",
                language=form.language.data,
                themes=form.themes.data or [],
                by=access.here(),
                now=clock.now(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            name = judge.person.name
            db.session.commit()
            flash(_("%(name)s is asked to judge. The mail is on its way.", name=name))
            return redirect(url_for(".jury", edition=edition, call=call))
    return render_template("pitches/review/invite.html", edition=edition, call=found, form=form), form.status


@bp.route("/jury/<int:call>/<int:judge>", methods=["GET", "POST"])
@open_to(organiser)
def change_judge(edition: Edition, call: int, judge: int) -> ResponseReturnValue:
    """Change what a judge knows about."""
    found = judge_or_404(call_or_404(edition, call), judge)
    form = ThemesForm(themes=found.themes)
    if form.validate_on_submit():
        actions.change_themes(found, form.themes.data or [], by=access.here())
        db.session.commit()
        flash(_("The changes are saved."))
        return redirect(url_for(".jury", edition=edition, call=call))
    return render_template("pitches/review/judge.html", edition=edition, call=found.call, judge=found, form=form), (
        form.status
    )


@bp.post("/jury/<int:call>/<int:judge>/opnieuw")
@open_to(organiser)
def invite_judge_again(edition: Edition, call: int, judge: int) -> ResponseReturnValue:
    """Mail what is asked once more."""
    if not limits.allowed("ask judges", str(access.here().id), INVITATIONS):
        abort(429)
    found = judge_or_404(call_or_404(edition, call), judge)
    actions.invite_again(found, by=access.here(), now=clock.now())
    db.session.commit()
    flash(_("The mail is on its way."))
    return redirect(url_for(".jury", edition=edition, call=call))


@bp.route("/jury/<int:call>/<int:judge>/weg", methods=["GET", "POST"])
@open_to(organiser)
def remove_judge(edition: Edition, call: int, judge: int) -> ResponseReturnValue:
    """Say what stays and what is nobody's again, then let a judge go."""
    found = judge_or_404(call_or_404(edition, call), judge)
    form = ButtonForm()
    if form.validate_on_submit():
        name = found.person.name
        try:
            actions.remove_judge(found, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("%(name)s no longer judges. What they wrote stays.", name=name))
            return redirect(url_for(".jury", edition=edition, call=call))
    page = render_template(
        "pitches/review/remove_judge.html",
        edition=edition,
        call=found.call,
        judge=found,
        form=form,
        open=len(judges.open_assignments(found)),
        last=not judges.seats_elsewhere(found),
    )
    return page, form.status


@bp.route("/jury/<int:call>/herinneren", methods=["GET", "POST"])
@open_to(organiser)
def remind_judges(edition: Edition, call: int) -> ResponseReturnValue:
    """See whom a reminder reaches, then send it. The button “read the mails” only shows them."""
    found = call_or_404(edition, call)
    form = ButtonForm()
    if form.validate_on_submit():
        number = actions.remind(found, by=access.here(), now=clock.now())
        if request.form.get("go") == "mails":
            letters = outbox.written_now()
            db.session.rollback()
            back = url_for(".remind_judges", edition=edition, call=call)
            return render_template("pitches/review/letters.html", edition=edition, letters=letters, back=back)
        db.session.commit()
        words = counted("%(num)s judge gets a reminder.", "%(num)s judges get a reminder.", number)
        flash(words if number else _("Nobody had to be reminded."))
        return redirect(url_for(".jury", edition=edition, call=call))
    reached = actions.to_remind(found, clock.now())
    page = render_template(
        "pitches/review/remind.html",
        edition=edition,
        call=found,
        form=form,
        reached=reached,
        others=[one for one in judges.seats(found) if one.open and one.judge.id not in {r.judge.id for r in reached}],
        days=rules.REMIND_AFTER_DAYS,
    )
    return page, form.status
