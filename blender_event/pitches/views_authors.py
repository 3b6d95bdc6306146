"""Sending in together: who does, inviting somebody, saying yes to an invitation, and leaving again."""

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, limits
from blender_event.core.access import link_holder, open_to
from blender_event.core.database import db
from blender_event.core.errors import KeyReused, Repeated, RuleBroken
from blender_event.core.links import Purpose
from blender_event.core.text import _
from blender_event.pitches import actions_authors, queries
from blender_event.pitches.forms import ButtonForm, InviteForm
from blender_event.pitches.models import Author
from blender_event.pitches.views import bp, who
from blender_event.pitches.views_steps import facts, gone, own, shown, used
from blender_event.programme.models import Edition

PER_PITCH = "10 per hour; 20 per day"
PER_INVITED = "3 per hour; 6 per day"


@bp.route("/<edition:edition>/pitches/mijn/<token>/indieners", methods=["GET", "POST"])
@open_to(link_holder)
def authors(edition: Edition, token: str) -> ResponseReturnValue:
    """Who sends this in; and invite somebody by mail."""
    form = InviteForm()
    if form.validate_on_submit():
        by = own(edition, token)
        if not limits.allowed("pitch invites", str(by.pitch_id), PER_PITCH):
            abort(429)
        if form.is_trapped or not limits.allowed("pitch invites to", who(form.email.data), PER_INVITED):
            form.general.append(_("This address got enough invitations for now. Try again later."))
            return _page(own(edition, token), token, form)
        return _invited(own(edition, token), token, form)
    return _page(own(edition, token), token, form)


def _invited(by: Author, token: str, form: InviteForm) -> ResponseReturnValue:
    try:
        invited = actions_authors.invite(
            by, name=form.name.data or "", email=form.email.data or "", key=form.key.data or "", now=clock.now()
        )
        email = invited.email
    except RuleBroken as broken:
        db.session.rollback()
        form.take(broken)
        return _page(by, token, form)
    except (Repeated, KeyReused):
        db.session.rollback()
    else:
        used(token, by)
        db.session.commit()
        flash(_("We mailed the invitation to %(email)s.", email=email), "good")
    return redirect(url_for(".authors", edition=by.pitch.edition.slug, token=token), 303)


def _page(author: Author, token: str, form: InviteForm) -> Response:
    return shown("authors", form.status, facts(author, token), form=form)


@bp.route("/<edition:edition>/pitches/mijn/<token>/indieners/<int:number>/weg", methods=["POST"])
@open_to(link_holder)
def leave_out(edition: Edition, token: str, number: int) -> ResponseReturnValue:
    """Take somebody out of the pitch, or go oneself."""
    by = own(edition, token)
    author = queries.author_of(by.pitch, number) or abort(404)
    myself = author.id == by.id
    try:
        actions_authors.leave_out(by, author)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.problems[0]), "warn")
        return redirect(url_for(".authors", edition=edition.slug, token=token), 303)
    db.session.commit()
    if myself:
        flash(_("You no longer send this pitch in."), "good")
        return redirect(url_for(".begin", edition=edition.slug), 303)
    flash(_("This person no longer sends in with you."), "good")
    return redirect(url_for(".authors", edition=edition.slug, token=token), 303)


@bp.route("/<edition:edition>/pitches/mijn/<token>/meedoen", methods=["GET", "POST"])
@open_to(link_holder)
def invitation(edition: Edition, token: str) -> ResponseReturnValue:
    """Say yes to sending a pitch in together. Opening the page changes nothing; the button counts once."""
    author = queries.by_token(token, Purpose.CO_AUTHOR)
    if author is None or author.pitch.edition_id != edition.id:
        return gone(edition)
    form = ButtonForm()
    if request.method == "POST" and form.validate():
        try:
            accepted = actions_authors.accept(author, now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            return _joined(edition, token, author, accepted)
    return shown("invitation", form.status, facts(author, token), form=form)


def _joined(edition: Edition, token: str, author: Author, accepted: bool) -> ResponseReturnValue:
    if not accepted:
        db.session.rollback()  # whoever presses again learns that it is done, and gets in by the mailed link
        return redirect(url_for(".invitation", edition=edition.slug, token=token), 303)
    db.session.commit()
    flash(_("You send this in together now. We mail you a link of your own."), "good")
    return redirect(url_for(".mine", edition=edition.slug, token=queries.token_of(author)), 303)
