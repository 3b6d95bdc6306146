"""One's own pitch: where it stands, what is next, taking it back, saying yes to a place, and the way back for who lost the link."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, limits
from blender_event.core.access import everyone, link_holder, open_to
from blender_event.core.database import db, let_go
from blender_event.core.errors import RuleBroken
from blender_event.core.logs import log
from blender_event.core.templating import language
from blender_event.core.text import _
from blender_event.pitches import actions, actions_drafts, queries, rules
from blender_event.pitches.forms import AddressForm, ButtonForm
from blender_event.pitches.models import Author
from blender_event.pitches.views import PER_ADDRESS, PER_CLIENT, bp, personal, who
from blender_event.pitches.views_steps import facts, own, shown, used
from blender_event.programme import actions_speakers
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition

MOVES = "5 per hour; 10 per day"


@bp.route("/<edition:edition>/pitches/mijn/<token>")
@open_to(link_holder)
def mine(edition: Edition, token: str) -> ResponseReturnValue:
    """Show where the pitch stands, until when it may change, and the next step."""
    author = own(edition, token)
    proves = author.verified_at is None and queries.is_mailed(token, author)
    return shown(
        "mine",
        200,
        facts(author, token),
        proves=proves,
        may_confirm=_may_confirm(author, token),
        session=author.pitch.session,
    )


def _may_confirm(author: Author, token: str) -> bool:
    """Only who reads the mail of this address says yes for the person it is of: anybody could have typed it."""
    proven = author.verified_at is not None or queries.is_mailed(token, author)
    return author.pitch.status == "accepted" and author.speaks and proven


@bp.route("/<edition:edition>/pitches/mijn/<token>/adres-klopt", methods=["POST"])
@open_to(link_holder)
def verify(edition: Edition, token: str) -> ResponseReturnValue:
    """Say that the address is one's own; counts only on a page whose link was mailed."""
    author = own(edition, token)
    used(token, author)
    db.session.commit()
    flash(_("Thank you. Now we know that our mails reach you."), "good")
    return redirect(url_for(".mine", edition=edition.slug, token=token), 303)


@bp.route("/<edition:edition>/pitches/mijn/<token>/bevestigen", methods=["POST"])
@open_to(link_holder)
def confirm(edition: Edition, token: str) -> ResponseReturnValue:
    """Say yes to the place in the programme: the speaker is confirmed, and so is the pitch."""
    author = own(edition, token)
    try:
        confirms = _may_confirm(author, token)
        if confirms:
            _confirmed(author)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.problems[0]), "warn")
    else:
        used(token, author)
        db.session.commit()
        if confirms or author.pitch.status == "confirmed":
            flash(_("Thank you, you are in the programme."), "good")
    return redirect(url_for(".mine", edition=edition.slug, token=token), 303)


def _confirmed(author: Author) -> None:
    now, pitch = clock.now(), author.pitch
    person = author.person
    if person is not None:
        for speaker in programme_queries.speaking(person, pitch.edition):
            actions_speakers.confirm(speaker, pitch.edition, now=now, by=person)
    actions.step(pitch, "confirmed", who="speaker", now=now, by=person)


@bp.route("/<edition:edition>/pitches/mijn/<token>/intrekken", methods=["GET", "POST"])
@open_to(link_holder)
def withdraw(edition: Edition, token: str) -> ResponseReturnValue:
    """Ask before a pitch is taken back, and say what that means; then take it back."""
    author = own(edition, token)
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            done = actions_drafts.withdraw(author, now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            used(token, author)
            db.session.commit()
            if done:
                log.info("pitch withdrawn", edition=edition.id, pitch=author.pitch_id)
            return redirect(url_for(".mine", edition=edition.slug, token=token), 303)
    return shown("withdraw", form.status, facts(author, token), form=form, possible=author.pitch.status in rules.OPEN)


@bp.route("/<edition:edition>/pitches/mijn/<token>/niet-openbaar", methods=["POST"])
@open_to(link_holder)
def stop_showing(edition: Edition, token: str) -> ResponseReturnValue:
    """Take back that everybody may read the pitch, also when nothing else can be changed any more."""
    author = own(edition, token)
    if actions_drafts.stop_showing(author):
        flash(_("Your pitch is no longer shown to everybody."), "good")
    used(token, author)
    db.session.commit()
    return redirect(url_for(".mine", edition=edition.slug, token=token), 303)


@bp.route("/<edition:edition>/pitches/mijn/<token>/adres", methods=["GET", "POST"])
@open_to(link_holder)
def address(edition: Edition, token: str) -> ResponseReturnValue:
    """Have letters sent elsewhere: every earlier link stops working, the new address gets the new one."""
    form = AddressForm()
    if form.validate_on_submit():
        if form.is_trapped:
            return redirect(url_for(".link_sent", edition=edition.slug), 303)
        number = own(edition, token).id
        if not limits.allowed("pitch address", str(number), MOVES):
            abort(429)
        if not limits.allowed("pitch to", who(form.email.data), PER_ADDRESS):
            abort(429)
    author = own(edition, token)
    if form.was_sent() and form.status == 200:
        try:
            moved = actions_drafts.change_address(author, email=form.email.data or "", now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            if moved:
                return redirect(url_for(".link_sent", edition=edition.slug), 303)
            return redirect(url_for(".mine", edition=edition.slug, token=token), 303)
    return shown("address", form.status, facts(author, token), form=form)


@bp.route("/<edition:edition>/pitches/mijn-link", methods=["GET", "POST"])
@open_to(everyone)
def lost_link(edition: Edition) -> ResponseReturnValue:
    """Mail somebody the links to their own pitches. The answer is the same for every address."""
    form = AddressForm()
    if form.validate_on_submit():
        if not limits.allowed("lost pitch link from", request.remote_addr or "", PER_CLIENT):
            abort(429)
        if not form.is_trapped and limits.allowed("pitch to", who(form.email.data), PER_ADDRESS):
            known = actions_drafts.mail_links(edition, form.email.data or "", language=language(), now=clock.now())
            db.session.commit() if known else db.session.rollback()
        return redirect(url_for(".link_sent", edition=edition.slug), 303)
    let_go(edition)
    return personal("lost_link", form.status, edition=edition, form=form)


@bp.route("/<edition:edition>/pitches/mijn-link/verstuurd")
@open_to(everyone)
def link_sent(edition: Edition) -> ResponseReturnValue:
    """Say “look in your mailbox”, and nothing that tells who sent something in."""
    return personal("link_sent", edition=edition)
