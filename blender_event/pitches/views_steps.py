"""A draft, step by step: each page saves what was typed, whatever else is wrong, and nobody's words are overwritten unseen."""

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField

from blender_event.core import clock, limits
from blender_event.core.access import link_holder, open_to
from blender_event.core.database import db, let_go
from blender_event.core.errors import Conflict, Problem, RuleBroken
from blender_event.core.logs import log
from blender_event.core.templating import language
from blender_event.core.text import _, clean
from blender_event.pitches import actions_drafts, labels, queries, queries_similar, rules_sending
from blender_event.pitches.forms import STEP_FORMS, ButtonForm, StepForm
from blender_event.pitches.models import Author
from blender_event.pitches.views import (
    PER_ADDRESS,
    after_save,
    answer,
    bp,
    changed_elsewhere,
    personal,
    saved_answer,
    who,
)
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition

STEPS = "any(idee,inhoud,waarom,vraag,voorwaarden,praktisch)"


def gone(edition: Edition) -> Response:
    """One page for every link that opens nothing, whatever the reason."""
    let_go(edition)
    return personal("gone", 404, edition=edition)


def own(edition: Edition, token: str) -> Author:
    """The author of this link, in this edition; without one, the page that says to ask for a new link."""
    author = queries.by_token(token)
    if author is None or author.pitch.edition_id != edition.id:
        abort(gone(edition))
    return author


def used(token: str, author: Author) -> None:
    """A button was pressed on a page whose link was mailed: the address is the author's own."""
    if queries.is_mailed(token, author):
        actions_drafts.verify(author, now=clock.now())


def facts(author: Author, token: str) -> dict[str, Any]:
    """What every page of a pitch shows, read before its rows are let go."""
    pitch = author.pitch
    now = clock.now()
    first = actions_drafts.first_of(pitch)
    problems = list(rules_sending.gaps(pitch, first)) if pitch.status == "draft" else []
    progress = rules_sending.progress(pitch, first, problems)
    return {
        "edition": pitch.edition,
        "call": pitch.call,
        "pitch": pitch,
        "author": author,
        "authors": list(pitch.authors),
        "files": list(pitch.files),
        "token": token,
        "here": {"edition": pitch.edition.slug, "token": token},
        "problems": problems,
        "progress": progress,
        "onward": rules_sending.onward(progress),
        "step_of": rules_sending.step_of,
        "formats": _formats(pitch.edition),
        "deadline": rules_sending.deadline(pitch),
        "settled": rules_sending.may_invite(pitch),
        "steps_in_order": rules_sending.STEPS,
        "kind_hints": labels.KIND_HINTS,
        "locked": rules_sending.may_change(pitch, now),
        "closed": rules_sending.late(pitch, now),
        "state": labels.STATES[pitch.status],
    }


def _formats(edition: Edition) -> list[tuple[str, str]]:
    """What a pitch can become: nobody sends in a break or what is for everyone."""
    return [
        (one.slug, one.name) for one in programme_queries.formats(edition) if not one.is_break and not one.is_plenary
    ]


def shown(template: str, status: int, found: dict[str, Any], **more: Any) -> Response:
    """The page, made while the lock is free."""
    if request.method == "POST":
        rows = [found["author"], found["pitch"], found["call"], found["edition"], *found["authors"], *found["files"]]
        let_go(*dict.fromkeys(rows))
    return personal(template, status, **found, **more)


@bp.route(f"/<edition:edition>/pitches/mijn/<token>/<{STEPS}:step>", methods=["GET", "POST"])
@open_to(link_holder)
def step(edition: Edition, token: str, step: str) -> ResponseReturnValue:
    """One step of the pitch: see it, and save what was typed there."""
    tell = True
    if request.method == "POST" and step == "idee" and "email" in request.form:
        tell = limits.allowed("pitch to", who(clean(request.form["email"], longest=320)), PER_ADDRESS)
    author = own(edition, token)
    form = _form(author, step)
    if request.method == "POST":
        return _saved(author, token, form, tell=tell)
    if rules_sending.may_change(author.pitch, clock.now()) is not None:
        return redirect(url_for(".check", edition=edition.slug, token=token), 303)
    return _page(author, token, form)


def _form(author: Author, step: str) -> StepForm:
    form = STEP_FORMS[step].of(author, actions_drafts.mark(author.pitch, author, step))
    if step == "idee" and author.accepted_at is not None:
        del form.email  # it changes on a page of its own
    offer = getattr(form, "offer", None)
    if offer is not None:
        offer(author.pitch, _formats(author.pitch.edition))
    return form


def _page(author: Author, token: str, form: StepForm) -> Response:
    found = facts(author, token)
    texts = {name: form[name].data or "" for name in ("summary",) if name in form}
    room = {name: rules_sending.room(text, found["call"].word_limit) for name, text in texts.items()}
    alike = _alike(author) if form.STEP == "inhoud" else []
    return shown(
        f"step_{form.STEP}", form.status, found, form=form, step=form.STEP, room=room.get("summary"), alike=alike
    )


def _saved(author: Author, token: str, form: StepForm, *, tell: bool) -> ResponseReturnValue:
    """Keep everything that can be kept, then go on, or show what is wrong with everything typed still there."""
    right = form.validate()
    if "whole" not in request.form:  # the end of the form never came: what is missing was not cleared
        form.general.append(_("Not everything reached us. Send it once more."))
        return _page(author, token, form)
    try:
        actions_drafts.save(author, form.typed(), now=clock.now())
    except RuleBroken as broken:
        db.session.rollback()
        form.take(broken)
        return _page(author, token, form)
    except Conflict:
        db.session.rollback()
        return _both(author, token, form)
    claimed = False
    if "email" in form and not form.email.errors and not form.is_trapped:
        claimed = actions_drafts.claim(
            author, now=clock.now(), tell=tell
        )  # a draft that began by itself has an address
    used(token, author)
    form.seen.data = actions_drafts.mark(author.pitch, author, form.STEP)
    db.session.commit()
    if not right:
        return _page(author, token, form)
    if author.pitch.status == "submitted":
        flash(_("Your changes are saved."), "good")
        if request.form.get("go") not in rules_sending.STEPS:
            return redirect(url_for(".mine", edition=author.pitch.edition.slug, token=token), 303)
    return after_save(author, form.STEP, mailed=tell if claimed else None)


@bp.route(f"/<edition:edition>/pitches/mijn/<token>/<{STEPS}:step>/bewaren", methods=["POST"])
@open_to(link_holder)
def keep(edition: Edition, token: str, step: str) -> ResponseReturnValue:
    """What a script sends while somebody types. Nobody is mailed; a pitch that was sent in changes by its button only."""
    author = own(edition, token)
    form = _form(author, step)
    form.validate()
    if author.pitch.status != "draft" or "whole" not in request.form:
        return answer({"problems": [str(_("Press the button to save."))]}, 422)
    try:
        actions_drafts.save(author, form.typed(), now=clock.now())
    except Conflict:
        db.session.rollback()
        return answer(changed_elsewhere(), 409)
    saved = saved_answer(author, step)
    db.session.commit()
    return answer(saved)


def _both(author: Author, token: str, form: StepForm) -> Response:
    """Somebody else changed this step: what stands there and what was typed, side by side."""
    found = facts(author, token)
    pitch, formats = found["pitch"], dict(found["formats"])
    form.seen.data = actions_drafts.mark(pitch, author, form.STEP)
    now = {name: said for name, _label, said in labels.answers(pitch, rules_sending.FIELDS[form.STEP], formats)}
    mine = form.typed()
    differing = [name for name, value in mine.pitch.items() if getattr(pitch, name) != value]
    return shown(
        "conflict", 409, found, form=form, step=form.STEP, differing=[(form[name], now[name]) for name in differing],
        carried=list(_carried(form, set(differing))),
    )  # fmt: skip


def _carried(form: StepForm, shown_fields: set[str]) -> Iterator[tuple[str, str]]:
    """Name and value of every answer that the page of both versions does not show as a field of its own."""
    for field in form:
        if field.name in ("csrf_token", "key", "seen", "website") or (field.name in shown_fields and _is_text(field)):
            continue
        for value in field.data if isinstance(field, SelectMultipleField) else [field.data]:
            if value not in (None, "", False):
                yield field.name, "y" if value is True else str(value)


def _is_text(field: Any) -> bool:
    return field.type in ("Line", "Lines")


@bp.route("/<edition:edition>/pitches/mijn/<token>/bestaat-al")
@open_to(link_holder)
def similar(edition: Edition, token: str) -> ResponseReturnValue:
    """What is like this pitch, as it is kept now: a part of the page about its content, for who wants it anew."""
    author = own(edition, token)
    return personal("similar_page", **facts(author, token), alike=_alike(author))


def _alike(author: Author) -> list[queries_similar.Found]:
    """What exists already that is like this pitch."""
    pitch = author.pitch
    words = " ".join((pitch.title, pitch.summary, pitch.what, pitch.for_whom))
    return queries_similar.found(words, beside=pitch.id, language=language())


@bp.route("/<edition:edition>/pitches/mijn/<token>/nakijken", methods=["GET", "POST"])
@open_to(link_holder)
def check(edition: Edition, token: str) -> ResponseReturnValue:
    """Everything on one page, what is still missing with a link to it, and the button that sends it in."""
    author = own(edition, token)
    form = ButtonForm()
    missing: tuple[Problem, ...] = ()
    if form.validate_on_submit():
        try:
            done = actions_drafts.send_in(author, now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            missing = broken.problems
        else:
            used(token, author)
            db.session.commit()
            if done:
                log.info("pitch sent in", edition=edition.id, pitch=author.pitch_id)
            return redirect(url_for(".mine", edition=edition.slug, token=token), 303)
    found = facts(author, token)
    names = {name: list(fields) for name, fields in rules_sending.FIELDS.items()}
    answers = {name: labels.answers(found["pitch"], fields, dict(found["formats"])) for name, fields in names.items()}
    return shown(
        "check", 422 if missing else form.status, found, form=form, missing=missing, answers=answers, step="nakijken"
    )
