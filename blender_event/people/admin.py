"""Organisers decide who has access to an edition: see, invite, change, take away."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, limits
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.core.text import _
from blender_event.people import access, actions, queries, rules
from blender_event.people.forms import ButtonForm, InvitationForm, RoleForm
from blender_event.people.models import Role

bp = Blueprint("people", __name__, url_prefix="/<edition:edition>/toegang")
INVITATIONS = "20 per hour; 60 per day"


def _role(number: int, edition: Any) -> Role:
    """The role in this edition, or no page at all."""
    return queries.role_by_id(number, edition.id) or abort(404)


def _is_mine_to_change(role: Role) -> bool:
    """Only a chief organiser touches access to every edition."""
    return rules.may_give(access.here().roles, edition_id=role.edition_id, sees_needs=False) is None


@bp.get("")
@open_to(organiser)
def listing(edition: Any) -> ResponseReturnValue:
    """Everybody who gets in, with what they may."""
    roles = queries.roles_in(edition.id)
    readers = queries.needs_readers(edition.id)
    chief = rules.is_chief(access.here().roles)
    return render_template("people/admin/list.html", edition=edition, roles=roles, readers=readers, chief=chief)


@bp.route("/nodig-uit", methods=["GET", "POST"])
@open_to(organiser)
def invite(edition: Any) -> ResponseReturnValue:
    """Give somebody access and mail them a first link."""
    form = InvitationForm.for_giver(chief=rules.is_chief(access.here().roles), sees_needs=access.sees_needs(edition))
    if form.validate_on_submit():
        if not limits.allowed("invite", str(access.here().id), INVITATIONS):
            abort(429)
        try:
            role = actions.invite(
                email=form.email.data or "",
                name=form.name.data or "",
                edition=None if form.reaches_everywhere else edition,
                kind=form.kind.data,
                sees_needs=form.gives_needs,
                by=access.here(),
                language=form.language.data,
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            name = role.person.name
            db.session.commit()
            flash(_("%(name)s has access. The invitation is on its way.", name=name), "good")
            return redirect(url_for(".listing", edition=edition))
    return render_template("people/admin/invite.html", edition=edition, form=form), form.status


@bp.route("/<int:number>", methods=["GET", "POST"])
@open_to(organiser)
def role(edition: Any, number: int) -> ResponseReturnValue:
    """See what one person may, and change it."""
    found = _role(number, edition)
    form = RoleForm(sees_needs=found.sees_needs)
    if form.validate_on_submit():
        try:
            actions.change_role(found, sees_needs=form.sees_needs.data, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("The access is changed."), "good")
            return redirect(url_for(".listing", edition=edition))
    chief = rules.is_chief(access.here().roles)
    mine = _is_mine_to_change(found)
    page = render_template("people/admin/role.html", edition=edition, form=form, role=found, chief=chief, mine=mine)
    return page, form.status


@bp.route("/<int:number>/weg", methods=["GET", "POST"])
@open_to(organiser)
def withdraw(edition: Any, number: int) -> ResponseReturnValue:
    """Say what will be lost, then take the access away."""
    found = _role(number, edition)
    form = ButtonForm()
    if form.validate_on_submit():
        name, own = found.person.name, found.person_id == access.here().id
        try:
            actions.withdraw(found, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            flash(_("%(name)s no longer has this access.", name=name), "good")
            return redirect(url_for("admin.home") if own else url_for(".listing", edition=edition))
    return render_template("people/admin/withdraw.html", edition=edition, form=form, role=found), form.status


@bp.post("/<int:number>/opnieuw")
@open_to(organiser)
def invite_again(edition: Any, number: int) -> ResponseReturnValue:
    """Mail the invitation once more."""
    if not limits.allowed("invite", str(access.here().id), INVITATIONS):
        abort(429)
    found = _role(number, edition)
    if found.person.email is None:
        abort(404)
    actions.invite_again(found, edition=edition, by=access.here())
    db.session.commit()
    flash(_("The invitation is on its way again."), "good")
    return redirect(url_for(".role", edition=edition, number=number))


@bp.post("/<int:number>/herstel")
@open_to(organiser)
def rescue(edition: Any, number: int) -> ResponseReturnValue:
    """For who lost a phone: a chief organiser switches the second step off, or signs somebody out everywhere."""
    found = _role(number, edition)
    me = access.here()
    if not rules.is_chief(me.roles) or found.person_id == me.id:
        abort(404)
    if request.form.get("what") == "second-step":
        actions.switch_off_second_factor(found.person, by=me)
        words = _("The second step is off for %(name)s.", name=found.person.name)
    else:
        words = _("%(name)s is signed out everywhere.", name=found.person.name)
    actions.sign_out_everywhere(found.person, by=me, now=clock.now())
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".role", edition=edition, number=number))
