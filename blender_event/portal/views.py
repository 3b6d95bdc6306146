"""Mijn Blender: one's own registration through the link that was mailed. A GET never changes anything."""

from collections.abc import Callable
from typing import Any

import segno
from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blender_event.core import clock, headers, ics, limits, links
from blender_event.core.access import link_holder, open_to
from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.core.logs import log
from blender_event.core.templating import language
from blender_event.core.text import _
from blender_event.pitches import labels
from blender_event.pitches import queries as pitch_queries
from blender_event.portal import day
from blender_event.portal.forms import ButtonForm, ChangeForm
from blender_event.programme import entries as programme_entries
from blender_event.programme import queries as programme_queries
from blender_event.programme import rules as programme_rules
from blender_event.programme.labels_people import GROUPS
from blender_event.programme.models import Edition
from blender_event.registrations import actions, actions_links, entries, queries, rules
from blender_event.registrations.forms import ATTENDANCES
from blender_event.registrations.models import Registration

bp = Blueprint("portal", __name__)
PER_REGISTRATION = "5 per hour; 20 per day"


def personal(template: str, status: int = 200, **facts: Any) -> Response:
    """A page for one person: kept nowhere, indexed nowhere."""
    return headers.personal(make_response(render_template(template, **facts), status))


def gone() -> Response:
    """One page for every link that opens nothing, whatever the reason."""
    db.session.rollback()
    coming = programme_queries.coming(clock.today("Europe/Brussels"))
    return personal("portal/gone.html", 404, coming=coming)


def own(token: str) -> Registration:
    """The registration of this link; without one, the page that says to ask for a new link."""
    registration = queries.by_manage_token(token)
    return registration if registration is not None else abort(gone())


@bp.route("/mijn/<token>")
@open_to(link_holder)
def mine(token: str) -> ResponseReturnValue:
    """Show where one stands, the day, the ticket, the calendar and every way to change something."""
    registration = own(token)
    edition = registration.edition
    return personal("portal/mine.html", token=token, **_story(registration, edition, token))


def _story(registration: Registration, edition: Edition, token: str) -> dict[str, Any]:
    position = queries.position(registration)
    programme = programme_queries.published(edition)
    feed = links.address("calendars.personal_feed", language=language(), token=queries.feed_token(registration))
    return {
        "edition": edition,
        "registration": registration,
        "position": position,
        "line": rules.place_in_line(position) if position else "",
        "moments": day.moments(programme, registration.attendance),
        "ticket": ticket(registration) if registration.status == "confirmed" else "",
        "feed": feed,
        "has_file": entries.day(registration, edition, language()) is not None,
        "group": GROUPS.get(registration.group, registration.group),
        "attendance": ATTENDANCES[registration.attendance],
        "proves": registration.verified_at is None
        and registration.email is not None
        and queries.is_mailed(token, registration),
        "past": programme_rules.is_past(edition, clock.now()),
        "others": queries.of_team(registration),
        "pitches": _own_pitches(registration, token),
    }


def _own_pitches(registration: Registration, token: str) -> list[dict[str, Any]]:
    """What the same person sent in, when both addresses are proven; only on a page whose link was mailed to that address."""
    if registration.verified_at is None or not registration.email or not queries.is_mailed(token, registration):
        return []
    authors = pitch_queries.by_address(registration.edition, registration.email)
    return [
        {"title": one.pitch.title, "state": labels.STATES[one.pitch.status], "token": pitch_queries.token_of(one)}
        for one in authors
        if one.verified_at is not None
    ]


def ticket(registration: Registration) -> Markup:
    """The code of the ticket as a QR code; it holds the code and nothing else."""
    drawn = segno.make(
        registration.reference, error="m", micro=False, mask=2
    )  # any mask reads; choosing one takes most of the time
    return Markup(drawn.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2))  # noqa: S704 - letters and digits of ours


@bp.route("/mijn/<token>/afdrukken")
@open_to(link_holder)
def printable(token: str) -> ResponseReturnValue:
    """The confirmation on one sheet, for who wants paper."""
    registration = own(token)
    return personal("portal/printable.html", token=token, **_story(registration, registration.edition, token))


@bp.route("/mijn/<token>/blender.ics")
@open_to(link_holder)
def file(token: str) -> ResponseReturnValue:
    """The day as a file for a calendar that cannot subscribe."""
    registration = own(token)
    edition = registration.edition
    entry = entries.day(registration, edition, language())
    if entry is None:
        return gone()
    written = ics.event_file(programme_entries.calendar(edition, edition.title, "", language()), entry)
    response = Response(written, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=blender.ics"
    return headers.personal(response)


@bp.route("/mijn/<token>/wijzigen", methods=["GET", "POST"])
@open_to(link_holder)
def change(token: str) -> ResponseReturnValue:
    """Change one's details, or the way one takes part."""
    registration = own(token)
    edition = registration.edition
    form = ChangeForm.of(registration, edition)
    problem = rules.is_active(registration) or rules.may_still_change(edition, clock.now())
    if problem is not None:
        return personal(
            "portal/unchangeable.html",
            409 if request.method == "POST" else 200,
            edition=edition,
            token=token,
            problem=problem,
        )
    if form.validate_on_submit():
        try:
            changed = actions.change(registration, details=form.details(), seen=form.seen, by=None, now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            return personal(
                "portal/conflict.html", 409, token=token, typed=form, **_story(registration, edition, token)
            )
        else:
            _used(token, registration)
            db.session.commit()
            flash(_("Your changes are saved.") if changed else _("Nothing was different, so nothing changed."), "good")
            return redirect(url_for(".mine", token=token), 303)
    seats = queries.seats(edition)
    return personal(
        "portal/change.html",
        form.status,
        form=form,
        edition=edition,
        registration=registration,
        token=token,
        seats=seats,
    )


@bp.route("/mijn/<token>/annuleren", methods=["GET", "POST"])
@open_to(link_holder)
def cancel(token: str) -> ResponseReturnValue:
    """Ask before a place is given back, and say what happens to it; then give it back."""
    registration = own(token)
    edition = registration.edition
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            done = actions.cancel(registration, by=None, now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            _used(token, registration)
            db.session.commit()
            if done:
                log.info("cancelled", registration=registration.id)
            return redirect(url_for(".mine", token=token), 303)
    waiting = queries.seats(edition)
    behind = waiting.onsite_waiting if registration.attendance == "onsite" else waiting.online_waiting
    return personal(
        "portal/cancel.html",
        form.status,
        form=form,
        edition=edition,
        registration=registration,
        token=token,
        behind=behind,
    )


def _used(token: str, registration: Registration) -> None:
    """A button was pressed on a page whose link was mailed: the address is the person's own."""
    if queries.is_mailed(token, registration):
        actions_links.verify(registration, now=clock.now())


def _press(token: str, act: Callable[[Registration], object], words: Any, *, limited: str = "") -> ResponseReturnValue:
    """One button of Mijn Blender: do it, commit, back to the page."""
    registration = own(token)
    number = registration.id
    if limited and not limits.allowed(limited, str(number), PER_REGISTRATION):
        abort(429)
    try:
        act(registration)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.problems[0]), "warn")
        return redirect(url_for(".mine", token=token), 303)
    _used(token, registration)
    renewed = queries.manage_token(registration) if queries.by_manage_token(token) is None else token
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".mine", token=renewed), 303)


@bp.route("/mijn/<token>/bevestigen", methods=["POST"])
@open_to(link_holder)
def verify(token: str) -> ResponseReturnValue:
    """Say that the address is one's own; counts only on a page whose link was mailed."""
    if not queries.is_mailed(token, own(token)):
        return redirect(url_for(".mine", token=token), 303)
    return _press(token, lambda registration: None, _("Thank you. Now we know that our mails reach you."))


@bp.route("/mijn/<token>/opnieuw", methods=["POST"])
@open_to(link_holder)
def resend(token: str) -> ResponseReturnValue:
    """Get the confirmation once more."""
    said = _("We send the mail again. It can take a few minutes.")
    return _press(token, lambda registration: actions_links.resend(registration, by=None), said, limited="resend")


@bp.route("/mijn/<token>/nieuwe-link", methods=["POST"])
@open_to(link_holder)
def new_link(token: str) -> ResponseReturnValue:
    """Make every earlier link worthless and get a new one by mail only."""
    registration = own(token)
    slug, number = registration.edition.slug, registration.id
    if rules.can_be_written(registration) is not None:
        return redirect(url_for(".mine", token=token), 303)
    if not limits.allowed("new link", str(number), PER_REGISTRATION):
        abort(429)
    _used(token, registration)
    actions_links.renew_links(registration, by=None)
    db.session.commit()
    log.info("links renewed", registration=number)
    return redirect(url_for("registrations.received", edition=slug), 303)


@bp.route("/mijn/<token>/nieuwe-agenda", methods=["POST"])
@open_to(link_holder)
def new_feed(token: str) -> ResponseReturnValue:
    """Make the present address of one's calendar worthless; the page shows the new one."""
    said = _("The old address of your calendar no longer works. Subscribe with the new one.")
    return _press(token, lambda registration: actions_links.renew_feed(registration, by=None), said, limited="new feed")


@bp.route("/mijn/<token>/behoeften-vragen", methods=["POST"])
@open_to(link_holder)
def ask_needs(token: str) -> ResponseReturnValue:
    """Get a link of ten minutes to one's needs and mail address."""
    said = _("We mailed you a link. It works for ten minutes.")
    return _press(
        token, lambda registration: actions_links.ask_fresh(registration, now=clock.now()), said, limited="fresh link"
    )
