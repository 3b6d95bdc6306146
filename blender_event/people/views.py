"""Signing in by a mailed link, with a code when somebody wants that, and signing out."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, headers, limits, links, text
from blender_event.core.access import everyone, open_to, signed_in
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.core.logs import log
from blender_event.core.templating import language
from blender_event.core.text import _
from blender_event.people import access, actions, queries, rules
from blender_event.people.forms import ButtonForm, CodeForm, SignInForm
from blender_event.people.models import Person

bp = Blueprint("people", __name__)
PER_ADDRESS = "5 per 15 minutes; 20 per day"
PER_CLIENT = "60 per 15 minutes"
PER_LINK = "5 per hour"


def _personal(page: str, status: int = 200) -> Response:
    return headers.personal(make_response(page, status))


@bp.route("/aanmelden", methods=["GET", "POST"])
@open_to(everyone)
def sign_in() -> ResponseReturnValue:
    """Ask for an address. Whatever it is, the answer is the same; who has access gets a link by mail."""
    form = SignInForm(next=rules.own_path(request.args.get("next")))
    if form.validate_on_submit():
        if not limits.allowed("sign in from", request.remote_addr or "", PER_CLIENT):
            abort(429)
        if not form.is_trapped:
            _mail_link(form)
        return redirect(url_for(".link_sent"))
    return _personal(render_template("people/sign_in.html", form=form, person=access.who()), form.status)


def _mail_link(form: SignInForm) -> None:
    """The limits count in a transaction of their own, so they come before the first look into the database."""
    email = form.email.data or ""
    if not limits.allowed("sign in to", links.hashed(text.email_key(email))[:32], PER_ADDRESS):
        return
    next_path = rules.own_path(form.next.data)
    if actions.mail_link(email, language=language(), next_path=next_path, now=clock.now()):
        db.session.commit()
    else:
        db.session.rollback()


@bp.route("/aanmelden/verstuurd")
@open_to(everyone)
def link_sent() -> ResponseReturnValue:
    """Say what happens next, the same to everybody."""
    minutes = int(actions.SIGN_IN_FOR.total_seconds() // 60)
    return _personal(render_template("people/link_sent.html", minutes=minutes))


@bp.route("/aanmelden/<token>", methods=["GET", "POST"])
@open_to(everyone)
def use_link(token: str) -> ResponseReturnValue:
    """Show a button; only pressing it spends the link, so a mail scanner that opens links does no harm."""
    form = ButtonForm()
    now = clock.now()
    if form.validate_on_submit():
        try:
            spent = actions.use_link(token, now=now)
        except RuleBroken:
            db.session.rollback()
            return _gone()
        if spent.person.totp_confirmed_at is None:
            return _let_in(spent.person, spent.next_path)
        db.session.commit()
        access.remember_first_step(spent.id)
        return redirect(url_for(".second_step"))
    link = queries.link_by_token(token)
    if link is None or not queries.is_usable(link, now):
        return _gone()
    return _personal(render_template("people/use_link.html", form=form, person=link.person), form.status)


def _gone() -> Response:
    """One page for every link that opens nothing, whatever the reason."""
    return _personal(render_template("people/link_gone.html"), 404)


def _let_in(person: Person, next_path: str) -> ResponseReturnValue:
    key = actions.sign_in(person, now=clock.now())
    db.session.commit()
    access.welcome(person, key)
    log.info("signed in", person=person.id)
    return redirect(rules.own_path(next_path) or url_for("admin.home"))


@bp.route("/aanmelden/code", methods=["GET", "POST"])
@open_to(everyone)
def second_step() -> ResponseReturnValue:
    """Ask the code of the person's app, five times at most; then a new link is needed."""
    form = CodeForm()
    number = access.first_step()
    if number is None:
        return redirect(url_for(".sign_in"))
    if form.validate_on_submit() and not limits.allowed("second step", str(number), PER_LINK):
        access.farewell()
        return _gone()
    link = queries.link_by_id(number)
    if link is None or link.used_at is None or clock.now() >= link.used_at + actions.SECOND_STEP_FOR:
        access.farewell()
        return _gone()
    if form.was_sent() and not form.errors:
        try:
            actions.take_code(link.person, form.code.data or "", now=clock.now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            return _let_in(link.person, link.next_path)
    return _personal(render_template("people/second_step.html", form=form), form.status)


@bp.route("/afmelden", methods=["POST"])
@open_to(signed_in)
def sign_out() -> ResponseReturnValue:
    """End this browser, or (with the button for it) every browser of this person."""
    person = access.here()
    if request.form.get("everywhere"):
        actions.sign_out_everywhere(person, by=person, now=clock.now())
    else:
        actions.sign_out(person, access.key_here(), now=clock.now())
    db.session.commit()
    access.farewell()
    flash(_("You are signed out."), "good")
    return redirect(url_for(".sign_in"))
