"""One's own account: name, language, the second step, and signing out everywhere."""

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from pyotp import TOTP

from blender_event.core import clock, headers, limits
from blender_event.core.access import open_to, signed_in
from blender_event.core.database import db
from blender_event.core.errors import Problem, RuleBroken
from blender_event.core.text import _
from blender_event.people import access, actions
from blender_event.people.forms import AccountForm, BlenderForm, ButtonForm, CodeForm
from blender_event.people.models import Person

bp = Blueprint("account", __name__, url_prefix="/account")
TRIES = "5 per 10 minutes"


@bp.route("", methods=["GET", "POST"])
@open_to(signed_in)
def account() -> ResponseReturnValue:
    """Change how one is called, and see how one signs in."""
    person = access.here()
    form = AccountForm(obj=person)
    if form.validate_on_submit():
        actions.rename(person, name=form.name.data or "", language=form.language.data, by=person)
        db.session.commit()
        flash(_("Your details are saved."), "good")
        return redirect(url_for(".account"))
    return render_template("people/admin/account.html", form=form, person=person), form.status


@bp.route("/tweede-stap", methods=["GET", "POST"])
@open_to(signed_in)
def second_factor() -> ResponseReturnValue:
    """Explain the second step, then give the secret for the app."""
    person = access.here()
    if person.totp_confirmed_at is not None:
        return redirect(url_for(".second_factor_off"))
    form = ButtonForm()
    if form.validate_on_submit():
        actions.propose_second_factor(person)
        db.session.commit()
        return redirect(url_for(".confirm"))
    return render_template("people/admin/second_factor.html", form=form), form.status


@bp.route("/tweede-stap/code", methods=["GET", "POST"])
@open_to(signed_in)
def confirm() -> ResponseReturnValue:
    """Show the picture to scan; a code proves that the app has it."""
    person = access.here()
    if person.totp_secret is None or person.totp_confirmed_at is not None:
        return redirect(url_for(".second_factor"))
    form = CodeForm()
    if form.validate_on_submit() and _in_time(form, person):
        try:
            actions.confirm_second_factor(access.here(), form.code.data or "", now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("The second step is on. From now on you need your phone to sign in."), "good")
            return redirect(url_for(".account"))
    person = access.here()
    address = _address(person)
    page = render_template(
        "people/admin/confirm.html", form=form, secret=person.totp_secret, address=address, qr=_drawing(address)
    )
    return headers.personal(make_response(page, form.status))


@bp.route("/tweede-stap/uit", methods=["GET", "POST"])
@open_to(signed_in)
def second_factor_off() -> ResponseReturnValue:
    """Switch the second step off, with a code, so that nobody does it at a screen left open."""
    person = access.here()
    if person.totp_confirmed_at is None:
        return redirect(url_for(".account"))
    form = CodeForm()
    if form.validate_on_submit() and _in_time(form, person):
        try:
            actions.take_code(access.here(), form.code.data or "", now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            actions.switch_off_second_factor(access.here(), by=access.here())
            db.session.commit()
            flash(_("The second step is off."), "good")
            return redirect(url_for(".account"))
    return render_template("people/admin/second_factor_off.html", form=form), form.status


def _in_time(form: BlenderForm, person: Person) -> bool:
    """Five tries in ten minutes; then one waits."""
    if limits.allowed("second factor", str(person.id), TRIES):
        return True
    form.take(RuleBroken(Problem(_("That was five tries. Wait ten minutes and try again."), "code")))
    return False


def _address(person: Person) -> str:
    """What an app with codes reads from the picture."""
    return TOTP(person.totp_secret or "").provisioning_uri(name=person.email or person.name, issuer_name="Blender")


def _drawing(address: str) -> Markup:
    """The picture to scan: an SVG of our own making, with a light ground so that it reads in the dark theme too."""
    drawn = segno.make(address, error="m").svg_inline(scale=4, light="#fff", dark="#000", svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - made of squares by segno, no text of anybody in it
