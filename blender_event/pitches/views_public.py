"""The public pages of pitches: the calls, what was sent in, one pitch."""

from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for

from blender_event.core import clock, markdown
from blender_event.core.access import everyone, open_to
from blender_event.pitches import labels, queries_public, selection
from blender_event.pitches.models import Pitch
from blender_event.pitches.queries_public import Card
from blender_event.pitches.views import bp
from blender_event.programme.models import Edition
from blender_event.programme.views import answer

EXCERPT = 28  # words of a pitch in the overview


@bp.app_context_processor
def pitch_words() -> dict[str, Any]:
    """What every layout may ask about the calls of an edition."""
    return {"has_calls": lambda edition: bool(queries_public.announced(edition))}


@bp.get("/<edition:edition>/pitches")
@open_to(everyone)
def overview(edition: Edition) -> Response:
    """Read what is looked for and until when, and what others sent in."""
    if not queries_public.announced(edition):
        abort(404)
    now = clock.now()
    phases = queries_public.phases(edition, now)
    standing = queries_public.standing(edition)
    return answer(edition, lambda: _overview(edition, phases), tuple(phases.items()), standing.stamp)


def _overview(edition: Edition, phases: dict[int, str]) -> str:
    calls = queries_public.announced(edition)
    cards = queries_public.cards(edition) if queries_public.shows_pitches(edition) else []
    titles = {str(call.id): call.title for call in calls}
    wanted = selection.chosen(request.args, cards, titles)
    found = wanted.of(cards)
    shown, page, pages = selection.page(found, request.args)
    return render_template(
        "pitches/overview.html",
        edition=edition,
        current_section="pitches",
        calls=[(call, phases[call.id], markdown.beneath(call.intro_html, 3)) for call in calls],
        shows_pitches=queries_public.shows_pitches(edition),
        total=len(cards),
        count=len(found),
        cards=[_shown(card, edition) for card in shown],
        page=page,
        pages=pages,
        wanted=wanted,
        chips=[_chip(wanted, name, edition) for name in wanted.active],
        kinds=labels.KINDS,
    )


def _chip(wanted: selection.Selection, name: str, edition: Edition) -> dict[str, Any]:
    """A filter in use, with the address of this page without it."""
    values: dict[str, Any] = {"edition": edition.slug, **wanted.without(name)}
    return {"label": wanted.said(name), "href": url_for(".overview", **values)}


def _shown(card: Card, edition: Edition) -> dict[str, Any]:
    """A pitch as the overview shows it."""
    words = card.summary.split()
    return {
        "title": card.title,
        "href": url_for(".one", edition=edition.slug, pitch=card.slug),
        "language": card.language,
        "kind": labels.KINDS.get(card.kind, ""),
        "excerpt": " ".join(words[:EXCERPT]) + ("…" if len(words) > EXCERPT else ""),
        "stage": labels.STAGES.get(card.stage, ""),
        "themes": labels.said(card.themes, labels.THEMES),
        "is_session": queries_public.session_slug(edition, card.session_uid) is not None,
    }


def pitch_or_404(edition: Edition, slug: str) -> Pitch:
    """The public pitch of an address; one that is not public, or not any more, is not there."""
    return queries_public.pitch(edition, slug) or abort(404)


@bp.get("/<edition:edition>/pitches/<pitch>")
@open_to(everyone)
def one(edition: Edition, pitch: str) -> Response:
    """Read one pitch, and see how to think along."""
    if not queries_public.shows_pitches(edition):
        abort(404)
    now = clock.now()
    standing = queries_public.standing(edition)
    named = queries_public.open_about_names(edition, now, standing)
    return answer(edition, lambda: _one(edition, pitch, named), standing.stamp, named)


def _one(edition: Edition, slug: str, named: tuple[int, ...]) -> str:
    pitch = pitch_or_404(edition, slug)
    if pitch.slug != slug:
        abort(redirect(url_for(".one", edition=edition.slug, pitch=pitch.slug), 301))
    told = pitch.status in ("accepted", "confirmed") and pitch.session is not None
    session = queries_public.session_slug(edition, pitch.session.uid) if told and pitch.session else None
    shows_names = pitch.call_id in named
    return render_template(
        "pitches/one.html",
        edition=edition,
        current_section="pitches",
        pitch=pitch,
        authors=queries_public.named(pitch) if shows_names else [],
        shows_names=shows_names,
        session=session,
        labels=labels,
    )
