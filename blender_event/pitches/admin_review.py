"""Reviewers read the pitches that are theirs, and say what they think of them."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.audit import actions as audit
from blender_event.core import clock, serving
from blender_event.core.access import open_to, reviewer
from blender_event.core.database import db, let_go
from blender_event.core.errors import Conflict, Repeated, RuleBroken
from blender_event.core.text import _
from blender_event.people import access
from blender_event.people import rules as people_rules
from blender_event.pitches import actions_files, labels, labels_review, queries_judging, rules_calls
from blender_event.pitches import actions_reviewing as actions
from blender_event.pitches import queries_reviewing as queries
from blender_event.pitches import rules_judging as rules
from blender_event.pitches.forms_judging import RemarkForm, ReviewForm
from blender_event.pitches.models import Pitch
from blender_event.pitches.models_judging import Review
from blender_event.pitches.queries_reviewing import Mine
from blender_event.programme import queries as programme
from blender_event.programme.models import Edition

bp = Blueprint("review", __name__, url_prefix="/<edition:edition>/beoordelen")


def _pitch_or_404(edition: Edition, number: int) -> Pitch:
    """A pitch that is theirs; any other does not exist for them."""
    return queries.one_of(access.here(), edition, number) or abort(404)


@bp.get("")
@open_to(reviewer)
def listing(edition: Edition) -> ResponseReturnValue:
    """See what waits and go on with the next one."""
    person, now = access.here(), clock.now()
    calls = {judge.call_id: judge.call for judge in queries.judges_of(person, edition)}
    closed = {number for number, call in calls.items() if rules.is_closed(call, now)}
    mine = queries.mine(person, edition)
    todo = [one for one in mine if _waits(one, closed)]
    waiting = {one.id for one in todo}
    return render_template(
        "pitches/review/list.html",
        edition=edition,
        calls=list(calls.values()),
        closed=closed,
        todo=todo,
        rest=[one for one in mine if one.id not in waiting],
        total=len(mine),
        labels=labels,
        advices=rules.ADVICES,
        **_frame(edition),
    )


def _waits(one: Mine, closed: set[int]) -> bool:
    """Whether a review of it can and should still be written."""
    return one.status == "submitted" and one.advice is None and one.call_id not in closed


def _frame(edition: Edition) -> dict[str, Any]:
    """Whether the reader organises this edition: their own pages show names."""
    return {"organises": people_rules.may_organise(access.here().roles, edition.id)}


@dataclass(frozen=True, slots=True)
class Way:
    """Where a pitch stands among those to do: its neighbours there, and how many wait."""

    before: Mine | None
    after: Mine | None
    waiting: int
    done: int
    total: int


def _way(edition: Edition, number: int) -> Way:
    person, now = access.here(), clock.now()
    closed = {one.call_id for one in queries.judges_of(person, edition) if rules.is_closed(one.call, now)}
    mine = queries.mine(person, edition)
    place = next((place for place, one in enumerate(mine) if one.id == number), 0)
    todo = [one for one in mine if _waits(one, closed)]
    following = [one for one in mine[place + 1 :] + mine[:place] if _waits(one, closed)]
    earlier = following[-1] if len(following) > 1 else None
    done = sum(one.advice is not None for one in mine)
    return Way(earlier, following[0] if following else None, len(todo), done, len(mine))


@bp.route("/<int:number>", methods=["GET", "POST"])
@open_to(reviewer)
def review(edition: Edition, number: int) -> ResponseReturnValue:
    """Read a pitch, and say beside it what you think. Saved as often as you like, until judging closes."""
    pitch = _pitch_or_404(edition, number)
    own = queries.review_by(access.here(), pitch)
    form = ReviewForm.of(pitch.call, own)
    other = None
    if form.validate_on_submit():
        try:
            changed = actions.write(pitch, form.opinion(), seen=form.seen_revision(), by=access.here(), now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            own = other = queries.review_by(access.here(), pitch)
            form.seen.data = str(other.revision) if other is not None else str(actions.NOT_WRITTEN)
        else:
            db.session.commit()
            return _go_on(edition, number, changed)
    return _page(edition, pitch, own, form, other=other)


def _go_on(edition: Edition, number: int, changed: bool) -> ResponseReturnValue:
    """To the next pitch that waits when that was asked, else to what was just written."""
    way = _way(edition, number)
    if request.form.get("go") != "next":
        flash(_("Your review is saved.") if changed else _("Nothing was different."))
        return redirect(url_for(".review", edition=edition, number=number))
    if way.after is None:
        flash(_("Your review is saved. Nothing waits for you any more: thank you."))
        return redirect(url_for(".listing", edition=edition))
    flash(_("Your review is saved. This is the next pitch."))
    return redirect(url_for(".review", edition=edition, number=way.after.id))


def _page(
    edition: Edition,
    pitch: Pitch,
    own: Review | None,
    form: ReviewForm,
    remark: RemarkForm | None = None,
    other: Review | None = None,
) -> ResponseReturnValue:
    opened = rules.opens_others(own)
    now = clock.now()
    writable = rules.may_write(pitch, now) is None
    page = render_template(
        "pitches/review/one.html",
        edition=edition,
        pitch=pitch,
        brief=labels_review.brief(pitch),
        parts=labels_review.parts(pitch),
        facts=labels_review.facts(pitch, programme.formats(edition)),
        authors=[] if pitch.call.is_blind else pitch.authors,
        own=own,
        form=form,
        other=other,
        writable=writable or bool(form.general),
        changing=writable and rules_calls.phase(pitch.call, now) == "open",
        changed=own is not None and pitch.changed_at > own.changed_at,
        others=[one for one in queries_judging.reviews_of(pitch) if one.person_id != access.here().id]
        if opened
        else [],
        remarks=queries_judging.remarks_of(pitch) if opened else [],
        remark=(remark or RemarkForm(formdata=None)) if opened else None,
        way=_way(edition, pitch.id),
        rules=rules,
        **_frame(edition),
    )
    return page, 409 if other is not None else (remark or form).status


@bp.post("/<int:number>/opmerking")
@open_to(reviewer)
def say(edition: Edition, number: int) -> ResponseReturnValue:
    """Say something to the others who judge this pitch, and to the organisers."""
    pitch = _pitch_or_404(edition, number)
    own = queries.review_by(access.here(), pitch)
    if not rules.opens_others(own):
        abort(404)
    form = RemarkForm()
    there = redirect(url_for(".review", edition=edition, number=number, _anchor="discussion"))
    if not form.validate_on_submit():
        return _page(edition, pitch, own, ReviewForm.of(pitch.call, own), form)
    programme.lock(edition)
    try:
        audit.once(form.key.data or "", purpose=f"remark {pitch.id}", digest=form.digest())
    except Repeated:
        return there
    actions.say(pitch, form.words.data or "", by=access.here(), now=clock.now())
    db.session.commit()
    return there


@bp.get("/<int:number>/bijlage/<int:attachment>")
@open_to(reviewer)
def attachment(edition: Edition, number: int, attachment: int) -> Response:
    """A document of the pitch; in a blind call under a name that tells nothing."""
    pitch = _pitch_or_404(edition, number)
    if not 1 <= attachment <= len(pitch.files):
        abort(404)
    file = pitch.files[attachment - 1]
    name = actions_files.blind_name(pitch, file) if pitch.call.is_blind else file.name
    let_go(file)
    return serving.attachment(
        file.storage_key,
        name=name,
        media_type=file.media_type,
        size=file.size,
        etag=file.sha256,
        public=False,
    )
