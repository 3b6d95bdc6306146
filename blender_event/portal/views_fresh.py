"""Behind a mailed link of ten minutes: one's needs, and another mail address."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from blender_event.core import clock, limits
from blender_event.core.access import link_holder, open_to
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.core.text import _
from blender_event.portal.forms import AddressForm, ButtonForm, NeedsForm
from blender_event.portal.views import PER_REGISTRATION, bp, gone, personal
from blender_event.registrations import actions_links, queries


@bp.route("/mijn/<token>/behoeften", methods=["GET", "POST"])
@open_to(link_holder)
def needs(token: str) -> ResponseReturnValue:
    """See and change what one needs. Saving uses the link up."""
    fresh = queries.fresh_link(token)
    if fresh is None or not actions_links.is_usable(fresh, "needs", clock.now()):
        return gone()
    registration = fresh.registration
    form, address = NeedsForm(), AddressForm(formdata=None)
    if form.validate_on_submit():
        asked = form.details(registration.first_name)
        try:
            actions_links.save_needs(
                fresh, choices=asked.needs, words=asked.needs_words, consent=asked.needs_consent, now=clock.now()
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            return _done(registration, _("Your needs are saved."))
    elif request.method != "POST":
        form.show(registration)
    return personal(
        "portal/needs.html",
        form.status,
        form=form,
        address=address,
        edition=registration.edition,
        registration=registration,
        token=token,
    )


def _done(registration: queries.Registration, words: object) -> Response:
    own = queries.manage_token(registration)
    db.session.commit()
    flash(str(words), "good")
    return redirect(url_for(".mine", token=own), 303)


@bp.route("/mijn/<token>/ander-adres", methods=["POST"])
@open_to(link_holder)
def ask_new_address(token: str) -> ResponseReturnValue:
    """Have the new address prove itself. The answer is the same whether somebody else has it or not."""
    fresh = queries.fresh_link(token)
    if fresh is None or not actions_links.is_usable(fresh, "needs", clock.now()):
        return gone()
    number, registration = fresh.registration_id, fresh.registration
    form = AddressForm()
    if not form.validate_on_submit():
        shown = NeedsForm(formdata=None)
        shown.show(registration)
        facts = {"edition": registration.edition, "registration": registration, "token": token}
        return personal("portal/needs.html", 422, form=shown, address=form, **facts)
    if limits.allowed("new address", str(number), PER_REGISTRATION):
        actions_links.ask_new_address(registration, email=form.email.data or "", now=clock.now())
    return _done(registration, _("We mailed the new address. Open the link in that mail within ten minutes."))


@bp.route("/mijn/<token>/adres", methods=["GET", "POST"])
@open_to(link_holder)
def new_address(token: str) -> ResponseReturnValue:
    """Take the new address: a button, because mail scanners open links."""
    fresh = queries.fresh_link(token)
    if fresh is None or not actions_links.is_usable(fresh, "email", clock.now()):
        return gone()
    registration = fresh.registration
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            actions_links.take_new_address(fresh, now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            return _done(registration, _("From now on our mails go to the new address."))
    return personal(
        "portal/new_address.html",
        form.status,
        form=form,
        edition=registration.edition,
        email=fresh.new_email,
        token=token,
    )
