"""Organisers decide about several pitches at once, read every mail, and tell all decisions together."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, KeyReused, Repeated, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import _, counted
from blender_event.people import access
from blender_event.pitches import (
    actions_accepting,
    actions_decisions,
    labels,
    labels_decisions,
    notices,
    notices_decisions,
    queries,
    queries_organise,
)
from blender_event.pitches.actions_decisions import Done
from blender_event.pitches.admin import bp, chosen, kept_by, wanted_by
from blender_event.pitches.forms_decisions import NONE, TellForm
from blender_event.pitches.models import Pitch
from blender_event.programme.models import Edition


@bp.post("/beslissen")
@open_to(organiser)
def decide_many(edition: Edition) -> ResponseReturnValue:
    """The same decision for the rows chosen in the table. Nobody is told yet."""
    filters = chosen(queries.calls(edition))
    back = redirect(url_for(".listing", edition=edition, **kept_by(filters, wanted_by(filters))))
    wanted = request.form.get("decision", "")
    rows = dict(_row(value) for value in request.form.getlist("row"))
    rows.pop(-1, None)
    if not rows or wanted not in {*labels_decisions.DECISIONS, NONE}:
        flash(_("Choose one or more pitches first."), "warn")
        return back
    decision = None if wanted == NONE else wanted
    try:
        done = actions_decisions.decide_many(edition, rows, decision=decision, by=access.here(), now=clock.now())
    except RuleBroken as broken:
        db.session.rollback()
        flash(broken.problems[0].message, "stop")
        return back
    db.session.commit()
    _say_decided(done, decision)
    return back


def _say_decided(done: Done, decision: str | None) -> None:
    if done.decided and decision:
        flash(
            counted(
                "%(num)s pitch is decided. Nobody is told yet.",
                "%(num)s pitches are decided. Nobody is told yet.",
                done.decided,
            )
        )
    elif done.decided:
        flash(counted("%(num)s decision is taken back.", "%(num)s decisions are taken back.", done.decided))
    if done.changed:
        words = counted(
            "%(num)s pitch was decided by somebody else meanwhile and stayed so. Look again.",
            "%(num)s pitches were decided by somebody else meanwhile and stayed so. Look again.",
            done.changed,
        )
        flash(words, "warn")


def _row(value: str) -> tuple[int, str]:
    """A chosen row as the table sends it: the pitch, and how it stood."""
    number, _dot, seen = value.partition(".")
    return carried_number(number), seen


@bp.get("/beslissingen")
@open_to(organiser)
def decisions(edition: Edition) -> ResponseReturnValue:
    """Everything that was decided and that nobody was told yet."""
    pending = queries_organise.pending(edition)
    return render_template(
        "pitches/admin/decisions.html",
        edition=edition,
        decided=_grouped(pending),
        total=len(pending),
        letters=sum(len(notices.reached(pitch)) for pitch in pending),
        speakers=len(actions_accepting.people_of(_of(pending, "accepted"))),
        unreached=[pitch for pitch in pending if not notices.reached(pitch)],
        undecided=queries_organise.counts(edition)["undecided"],
        words=labels_decisions,
        kinds=labels.KINDS,
    )


def _of(pending: Sequence[Pitch], decision: str) -> list[Pitch]:
    return [pitch for pitch in pending if pitch.pending == decision]


def _grouped(pending: Sequence[Pitch]) -> list[tuple[str, list[Pitch]]]:
    found = [(decision, _of(pending, decision)) for decision in labels_decisions.DECISIONS]
    return [(decision, pitches) for decision, pitches in found if pitches]


@bp.route("/beslissingen/mails", methods=["GET", "POST"])
@open_to(organiser)
def tell(edition: Edition) -> ResponseReturnValue:
    """Read every mail as it would leave, then tell exactly that. What changed meanwhile is shown again first."""
    form = TellForm()
    changed = False
    if form.validate_on_submit():
        try:
            return _told(edition, form)
        except Repeated:
            db.session.rollback()
            flash(_("These decisions were told already."), "info")
            return redirect(url_for(".decisions", edition=edition))
        except (Conflict, KeyReused):
            db.session.rollback()
            changed = True
            form = TellForm(formdata=None)
    pending = queries_organise.pending(edition)
    form.seal.data = actions_decisions.sealed(actions_decisions.seals(pending))
    read = [
        (pitch, notices_decisions.to_read(pitch, pitch.pending or "", pitch.decision_note))
        for _decision, pitches in _grouped(pending)
        for pitch in pitches
    ]
    page = render_template(
        "pitches/admin/tell.html",
        edition=edition,
        form=form,
        read=read,
        letters=sum(len(letters) for _pitch, letters in read),
        changed=changed,
        words=labels_decisions,
    )
    return page, 409 if changed else form.status


def _told(edition: Edition, form: TellForm) -> ResponseReturnValue:
    """Tell what was read, some decisions in each transaction. One that stops halfway leaves the others pending."""
    by = access.here()
    promised = actions_decisions.begin_telling(edition, seal=form.seal.data or "", key=form.key.data or "")
    numbers = sorted(promised)
    told = 0
    for start in range(0, len(numbers), actions_decisions.BATCH):
        part = {number: promised[number] for number in numbers[start : start + actions_decisions.BATCH]}
        told += actions_decisions.tell(edition, part, by=by, now=clock.now())
        db.session.commit()
    _say_told(told, len(numbers) - told)
    return redirect(url_for(".decisions", edition=edition))


def _say_told(told: int, left: int) -> None:
    flash(
        counted(
            "%(num)s decision is told. The mails are on their way.",
            "%(num)s decisions are told. The mails are on their way.",
            told,
        )
    )
    if left:
        words = counted(
            "%(num)s decision changed while the others were told. Read it again.",
            "%(num)s decisions changed while the others were told. Read them again.",
            left,
        )
        flash(words, "warn")
