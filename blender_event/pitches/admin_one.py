"""Organisers look after one pitch: all of it, what the jury says, what is decided, more time, and taking it out."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from blender_event.core import clock, serving
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, KeyReused, Repeated, RuleBroken
from blender_event.core.text import Words, _
from blender_event.mail import queries as mail
from blender_event.people import access
from blender_event.pitches import (
    actions_decisions,
    actions_words,
    labels,
    labels_decisions,
    notices,
    queries,
    queries_interests,
    queries_judging,
    queries_organise,
    rules,
    rules_judging,
    rules_sending,
)
from blender_event.pitches.admin import bp, chosen, kept_by, pitch_or_404, wanted_by
from blender_event.pitches.forms_decisions import CancelForm, DecisionForm, MoreTimeForm, RemarkForm
from blender_event.pitches.models import Pitch
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition

PARTS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (_("What it is"), ("summary", "what", "for_whom", "result", "partners")),
    (_("Why"), ("why", "vision_for_whom", "around_what")),
    (_("What is asked, and where it stands"),
     ("kind", "intents", "subjects", "help_forms", "stage", "themes", "technology", "sectors", "group")),
    (_("Basic conditions"),
     ("inclusion_access", "inclusion_support", "inclusion_learning", "accessibility", "privacy", "client_part")),
    (_("Practical"), ("format_slug", "most_participants", "practical", "may_record", "ai_help", "agreed_public")),
)  # fmt: skip


@bp.get("/<int:number>")
@open_to(organiser)
def one(edition: Edition, number: int) -> ResponseReturnValue:
    """Read a pitch whole, see what the jury found, and decide."""
    return _shown(edition, pitch_or_404(edition, number))


def _shown(
    edition: Edition,
    pitch: Pitch,
    *,
    form: DecisionForm | None = None,
    remark: RemarkForm | None = None,
    conflict: bool = False,
) -> ResponseReturnValue:
    note = actions_decisions.note_of(pitch)
    filters = chosen(queries.calls(edition))
    wanted = wanted_by(filters)
    found = queries_judging.judged([pitch.id])[pitch.id]
    formats = {kind.slug: kind.name for kind in programme_queries.formats(edition)}
    page = render_template(
        "pitches/admin/one.html",
        edition=edition,
        pitch=pitch,
        form=form or DecisionForm.of(pitch, note=note, seen=actions_decisions.seen_of(pitch)),
        remark_form=remark or RemarkForm(formdata=None),
        conflict=conflict,
        note=note,
        kept=kept_by(filters, wanted),
        around=_around(queries_organise.ids(edition, wanted), pitch.id),
        parts=[(title, labels.answers(pitch, names, formats)) for title, names in PARTS],
        judged=found,
        score=format_decimal(found.score) if found.score is not None else "",
        reviews=queries_judging.reviews_of(pitch),
        remarks=queries_judging.remarks_of(pitch),
        advices=rules_judging.ADVICES,
        conditions=rules_judging.CONDITIONS,
        interests=queries_interests.of_pitch(pitch),
        story=[(entry, name, labels_decisions.DEEDS.get(entry.action, entry.action), labels_decisions.details_of(entry, edition.zone))
               for entry, name in queries_organise.story(pitch)],
        letters=mail.about(f"pitches:{pitch.id}"),
        deadline=rules_sending.deadline(pitch),
        reached=notices.reached(pitch),
        decidable=pitch.status in rules.UNDECIDED,
        stoppable=pitch.status in rules.OPEN,
        words=labels_decisions,
        states=labels.STATES,
    )  # fmt: skip
    status = max((form.status if form else 200), (remark.status if remark else 200))
    return page, 409 if conflict else status


def _around(numbers: Any, number: int) -> tuple[int | None, int | None, int, int]:
    """The one before and the next in the filtered table, the place, and how many there are; place 0 when it is not in it."""
    if number not in numbers:
        return None, None, 0, len(numbers)
    place = list(numbers).index(number)
    before = numbers[place - 1] if place else None
    after = numbers[place + 1] if place + 1 < len(numbers) else None
    return before, after, place + 1, len(numbers)


@bp.post("/<int:number>/beslissing")
@open_to(organiser)
def decide(edition: Edition, number: int) -> ResponseReturnValue:
    """Decide, with words to the submitters. Nobody is told yet."""
    pitch = pitch_or_404(edition, number)
    form = DecisionForm.of(pitch, note="", seen="")
    if not form.validate_on_submit():
        return _shown(edition, pitch, form=form)
    try:
        done = actions_decisions.decide(
            pitch,
            decision=form.chosen,
            note=form.note.data or "",
            seen=form.seen.data or "",
            by=access.here(),
            now=clock.now(),
        )
    except RuleBroken as broken:
        db.session.rollback()
        form.take(broken)
        return _shown(edition, pitch, form=form)
    except Conflict:
        db.session.rollback()
        form.seen.data = actions_decisions.seen_of(pitch)
        return _shown(edition, pitch, form=form, conflict=True)
    db.session.commit()
    if done:
        flash(_("The decision is kept. Nobody is told yet.") if form.chosen else _("The decision is taken back."))
    else:
        flash(_("Nothing was different."), "info")
    return _to(edition, number)


def _to(edition: Edition, number: int) -> ResponseReturnValue:
    """Back to this pitch, in the same filtered table."""
    filters = chosen(queries.calls(edition))
    return redirect(url_for(".one", edition=edition, number=number, **kept_by(filters, wanted_by(filters))))


@bp.post("/<int:number>/gesprek")
@open_to(organiser)
def say(edition: Edition, number: int) -> ResponseReturnValue:
    """Add a line to the discussion with the reviewers."""
    pitch = pitch_or_404(edition, number)
    form = RemarkForm()
    if not form.validate_on_submit():
        return _shown(edition, pitch, remark=form)
    try:
        actions_words.remark(
            pitch,
            words=form.words.data or "",
            key=form.key.data or "",
            digest=form.digest(),
            by=access.here(),
            now=clock.now(),
        )
        db.session.commit()
    except (Repeated, KeyReused):
        db.session.rollback()
    return _to(edition, number)


@bp.route("/<int:number>/meer-tijd", methods=["GET", "POST"])
@open_to(organiser)
def more_time(edition: Edition, number: int) -> ResponseReturnValue:
    """Let one pitch be changed after the deadline, and tell its submitters until when."""
    pitch = pitch_or_404(edition, number)
    form = MoreTimeForm()
    if not form.was_sent() and (deadline := rules_sending.deadline(pitch)) is not None:
        form.until.data = deadline.astimezone(ZoneInfo(edition.zone)).replace(tzinfo=None)
    if form.validate_on_submit():
        try:
            done = actions_decisions.extend(pitch, until=form.moment(edition.zone), by=access.here(), now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("There is more time for this pitch.") if done else _("Nothing was different."))
            return _to(edition, number)
    page = render_template(
        "pitches/admin/more_time.html", edition=edition, pitch=pitch, form=form, reached=notices.reached(pitch)
    )
    return page, form.status


@bp.route("/<int:number>/annuleren", methods=["GET", "POST"])
@open_to(organiser)
def cancel(edition: Edition, number: int) -> ResponseReturnValue:
    """Say what becomes of the session and who is told, then take the pitch out."""
    pitch = pitch_or_404(edition, number)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            done = actions_decisions.cancel(
                pitch,
                note=form.note.data or "",
                with_session=bool(form.with_session.data),
                by=access.here(),
                now=clock.now(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            form.general.append(_("The session changed meanwhile. Look again."))
        else:
            db.session.commit()
            flash(_("The pitch is cancelled.") if done else _("It was cancelled already."))
            return _to(edition, number)
    page = render_template(
        "pitches/admin/cancel.html",
        edition=edition,
        pitch=pitch,
        form=form,
        reached=[] if pitch.status == "draft" else notices.reached(pitch),
        stoppable=pitch.status in rules.OPEN,
        states=labels.STATES,
    )
    return page, form.status


@bp.get("/<int:number>/bestanden/<int:file>")
@open_to(organiser)
def file(edition: Edition, number: int, file: int) -> ResponseReturnValue:
    """A document of the pitch, under the name its sender gave it."""
    found = queries.file_of(pitch_or_404(edition, number), file) or abort(404)
    return serving.attachment(
        found.storage_key,
        name=found.name,
        media_type=found.media_type,
        size=found.size,
        etag=found.sha256,
        public=False,
    )
