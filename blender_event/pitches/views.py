"""Sending a pitch in, from the first keystroke: which call, the first words, and the draft they become."""

from typing import Any, cast

from flask import Blueprint, Response, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, headers, limits, links
from blender_event.core.access import everyone, open_to
from blender_event.core.database import db, let_go
from blender_event.core.errors import Conflict, KeyReused, RuleBroken
from blender_event.core.logs import log
from blender_event.core.templating import hour, language
from blender_event.core.text import _, email_key
from blender_event.pitches import actions_drafts, queries, queries_public, rules_calls, rules_sending
from blender_event.pitches.forms import IdeaForm, StepForm
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.programme.models import Edition

bp = Blueprint("pitches", __name__)
PER_CLIENT = "60 per 15 minutes"
PER_ADDRESS = "5 per hour; 15 per day"


def personal(template: str, status: int = 200, **facts: Any) -> Response:
    """A page for one person: kept nowhere, indexed nowhere, its address told to nobody."""
    return headers.personal(make_response(render_template(f"pitches/form/{template}.html", **facts), status))


def who(email: str | None) -> str:
    """An address as limits count it: hashed, so that no table of addresses comes to be."""
    return links.hashed(email_key(email or ""))[:32]


@bp.route("/<edition:edition>/pitches/indienen")
@open_to(everyone)
def begin(edition: Edition) -> ResponseReturnValue:
    """The form of the call that is open; of several, one chooses."""
    now = clock.now()
    calls = queries_public.open_calls(edition, now)
    if len(calls) == 1:
        return _first_page(_call(edition, calls[0].slug), _empty())
    known = queries_public.calls(edition)
    phases = [(call, rules_calls.phase(call, now)) for call in known]
    return personal("choose", edition=edition, calls=calls, others=[one for one in phases if one[1] != "open"])


@bp.route("/<edition:edition>/pitches/indienen/<slug>", methods=["GET", "POST"])
@open_to(everyone)
def new(edition: Edition, slug: str) -> ResponseReturnValue:
    """The first step: a title, an address and a few sentences. Saving it makes the draft and mails its link."""
    call = _call(edition, slug)
    form = _empty()
    if request.method != "POST":
        if rules_calls.phase(call, clock.now()) != "open":
            return redirect(url_for(".begin", edition=edition.slug), 303)
        return _first_page(call, form)
    if not form.validate():
        return _first_page(call, form)
    let_go(call, edition)
    if not limits.allowed("pitch from", request.remote_addr or "", PER_CLIENT):
        abort(429)
    tell = not form.is_trapped and limits.allowed("pitch to", who(form.email.data), PER_ADDRESS)
    db.session.add_all((edition, call))
    try:
        author = _kept(call, form, tell=tell)
    except RuleBroken as broken:
        db.session.rollback()
        form.take(broken)
        return _first_page(call, form)
    except Conflict as other:
        db.session.rollback()
        return _to_the_draft(edition, other)
    db.session.commit()
    return after_save(author, "idee", mailed=None if form.is_trapped else tell)


def _kept(call: Call, form: StepForm, *, tell: bool) -> Author:
    now = clock.now()
    author, is_new = actions_drafts.begin(call, form.typed(), language=language(), now=now)
    if not form.is_trapped:
        actions_drafts.claim(author, now=now, tell=tell)
    if is_new:
        log.info("pitch begun", edition=call.edition_id, pitch=author.pitch_id)
    return author


def _to_the_draft(edition: Edition, other: Conflict) -> ResponseReturnValue:
    """This page began a draft that was changed elsewhere since: the browser sends what was typed on, where both are shown."""
    author = actions_drafts.first_of(cast(Pitch, other.row)) or abort(404)
    return redirect(url_for(".step", edition=edition.slug, token=queries.token_of(author), step="idee"), 307)


def after_save(author: Author, step: str, *, mailed: bool | None = None) -> ResponseReturnValue:
    """Where a button leads after a step was saved: on, back, or to one's own page for later.

    `mailed`: whether the link went out now; None when it was not the moment for it.
    """
    pitch, token = author.pitch, queries.token_of(author)
    here: dict[str, Any] = {"edition": pitch.edition.slug, "token": token}
    go = request.form.get("go", "next")
    if go == "later":
        flash(_("Your draft is kept. You can go on here whenever you like."), "good")
        return redirect(url_for(".mine", **here), 303)
    if step == "idee" and pitch.status == "draft":
        _say_where_the_link_went(author, mailed)
    place = rules_sending.STEPS.index(step) + (-1 if go == "back" else 1)
    following = go if go in rules_sending.STEPS else rules_sending.STEPS[max(place, 0)]
    if following == "nakijken":
        return redirect(url_for(".check", **here), 303)
    return redirect(url_for(".step", step=following, **here), 303)


def _say_where_the_link_went(author: Author, mailed: bool | None) -> None:
    over = rules_sending.summary_fits(author.pitch, author.pitch.call)
    if over is not None:
        flash(_("Kept. %(problem)s You can go on and shorten it later.", problem=over.message), "warn")
    elif mailed is not None:
        if mailed:
            flash(_("Kept. We mail the link to your draft to %(email)s.", email=author.email), "good")
        else:
            flash(
                _(
                    "Kept. This address got several mails today, so we send no other one. Keep the address of this page."
                ),
                "warn",
            )


@bp.route("/<edition:edition>/pitches/indienen/<slug>/bewaren", methods=["POST"])
@open_to(everyone)
def keep_new(edition: Edition, slug: str) -> ResponseReturnValue:
    """What a script sends after the first keystrokes: the draft is there before any button is pressed. Nobody is mailed."""
    call = _call(edition, slug)
    form = _empty()
    form.validate()
    let_go(call, edition)
    if not limits.allowed("pitch from", request.remote_addr or "", PER_CLIENT):
        return answer({"wait": True}, 429)
    db.session.add_all((edition, call))
    try:
        author, _is_new = actions_drafts.begin(call, form.typed(), language=language(), now=clock.now())
    except Conflict:
        db.session.rollback()
        return answer(changed_elsewhere(), 409)
    except (RuleBroken, KeyReused) as fault:
        db.session.rollback()
        return answer({"problems": [str(problem) for problem in getattr(fault, "problems", ())]}, 422)
    saved = saved_answer(author, "idee")
    db.session.commit()
    return answer(saved)


def saved_answer(author: Author, step: str) -> dict[str, Any]:
    """What a script needs to know after a save: when, what stands there now, and where this draft lives."""
    pitch = author.pitch
    here: dict[str, Any] = {"edition": pitch.edition.slug, "token": queries.token_of(author), "step": step}
    return {
        "saved": str(_("Kept at %(hour)s", hour=hour(clock.now(), pitch.edition.zone))),
        "seen": actions_drafts.mark(pitch, author, step),
        "address": url_for(".step", **here),
        "keep": url_for(".keep", **here),
    }


def changed_elsewhere() -> dict[str, Any]:
    """What a script says when it would write over somebody else's words."""
    return {"conflict": str(_("Somebody changed this step meanwhile. Nothing was overwritten."))}


def answer(found: dict[str, Any], status: int = 200) -> Response:
    """JSON for our own script, kept nowhere."""
    return headers.personal(make_response(jsonify(found), status))


def _call(edition: Edition, slug: str) -> Call:
    call = queries.call_by_slug(edition, slug)
    return call if call is not None else abort(404)


def _empty() -> IdeaForm:
    return IdeaForm()


def _first_page(call: Call, form: IdeaForm) -> Response:
    """The first step for who has no draft yet."""
    edition = call.edition
    let_go(edition, call)
    return personal(
        "new",
        form.status,
        edition=edition,
        call=call,
        form=form,
        room=rules_sending.room(form.summary.data or "", call.word_limit),
    )
