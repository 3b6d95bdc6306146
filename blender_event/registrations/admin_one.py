"""Organisers look after one registration: its story, its words, its place, its links and letters."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, links
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import Words, _
from blender_event.mail import queries as mail
from blender_event.people import access
from blender_event.people.forms import ButtonForm
from blender_event.programme import rules as programme_rules
from blender_event.programme.labels_people import GROUPS, SECTORS
from blender_event.programme.models import Edition
from blender_event.registrations import (
    actions,
    actions_links,
    actions_organise,
    labels,
    queries,
    queries_organise,
    rules,
)
from blender_event.registrations.admin import bp, registration_or_404
from blender_event.registrations.forms import ATTENDANCES
from blender_event.registrations.forms_organise import ChangeForm, GivePlaceForm, NoteForm
from blender_event.registrations.models import Registration


@bp.get("/<int:number>")
@open_to(organiser)
def one(edition: Edition, number: int) -> ResponseReturnValue:
    """See who this is, what was done, and which mails went out."""
    return _shown(edition, registration_or_404(edition, number))


def _shown(
    edition: Edition, registration: Registration, form: NoteForm | None = None, *, conflict: bool = False
) -> ResponseReturnValue:
    if form is None:
        form = NoteForm(data={"note": registration.note, "seen": str(registration.revision)})
    page = render_template(
        "registrations/admin/one.html",
        edition=edition,
        registration=registration,
        form=form,
        conflict=conflict,
        about=_facts(registration),
        line=_line(registration),
        mates=queries.of_team(registration),
        questions=queries_organise.questions([registration.id]).get(registration.id, 0),
        sees_needs=access.sees_needs(edition),
        story=[(entry, name, labels.DEEDS.get(entry.action, entry.action), labels.details_of(entry.action, entry.old, entry.new))
               for entry, name in queries_organise.story(registration)],
        letters=mail.about(f"registrations:{registration.id}"),
        past=programme_rules.is_past(edition, clock.now()),
    )  # fmt: skip
    return page, 409 if conflict else form.status


def _facts(registration: Registration) -> list[tuple[Words, Words]]:
    """What the person said of themselves; needs are not among it."""
    return [
        (_("Takes part"), ATTENDANCES[registration.attendance]),
        (_("E-mail address"), registration.email or ""),
        (_("Phone"), registration.phone),
        (_("Organisation"), registration.organisation),
        (_("Job title"), registration.job_title),
        (_("Group"), GROUPS.get(registration.group, registration.group)),
        (_("Sectors"), ", ".join(str(SECTORS.get(sector, sector)) for sector in registration.sectors)),
        (_("Brings and looks for"), registration.brings_seeks),
        (_("In the list of participants"), _("yes") if registration.listed else _("no")),
        (_("Language of the mails"), labels.LANGUAGES[registration.language]),
        (_("Code"), registration.reference),
        (_("Registered by"), labels.SOURCES.get(registration.source, registration.source)),
    ]


def _line(registration: Registration) -> Words:
    """“number 2 in line”, for who waits."""
    position = queries.position(registration)
    return _("number %(number)s in line", number=position) if position is not None else ""


@bp.post("/<int:number>/notitie")
@open_to(organiser)
def write_note(edition: Edition, number: int) -> ResponseReturnValue:
    """Keep words about this person, for organisers only."""
    registration = registration_or_404(edition, number)
    form = NoteForm()
    if not form.validate_on_submit():
        return _shown(edition, registration, form)
    try:
        actions_organise.write_note(
            registration, words=form.note.data or "", seen=carried_number(form.seen.data), by=access.here()
        )
    except Conflict:
        db.session.rollback()
        form.seen.data = str(registration.revision)
        return _shown(edition, registration, form, conflict=True)
    db.session.commit()
    flash(_("The note is saved."))
    return redirect(url_for(".one", edition=edition, number=number))


@bp.route("/<int:number>/wijzigen", methods=["GET", "POST"])
@open_to(organiser)
def change(edition: Edition, number: int) -> ResponseReturnValue:
    """Change what a registration says."""
    registration = registration_or_404(edition, number)
    form = ChangeForm.of(registration, edition)
    conflict = False
    if form.validate_on_submit():
        try:
            seen = carried_number(form.seen.data)
            done = actions_organise.change(
                registration, details=form.details(), seen=seen, by=access.here(), now=clock.now()
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            conflict = True
            form.seen.data = str(registration.revision)
        else:
            db.session.commit()
            flash(_("The changes are saved.") if done else _("Nothing was different."))
            return redirect(url_for(".one", edition=edition, number=number))
    page = render_template(
        "registrations/admin/change.html",
        edition=edition,
        registration=registration,
        form=form,
        about=_facts(registration) if conflict else None,
    )
    return page, 409 if conflict else form.status


@bp.route("/<int:number>/annuleren", methods=["GET", "POST"])
@open_to(organiser)
def cancel(edition: Edition, number: int) -> ResponseReturnValue:
    """Say who gets the place and the mails, then cancel the registration."""
    registration = registration_or_404(edition, number)
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            done = actions.cancel(registration, by=access.here(), now=clock.now())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            words = _("The registration of %(name)s is cancelled.", name=registration.name)
            flash(words if done else _("It was cancelled already."))
            return redirect(url_for(".one", edition=edition, number=number))
    following = queries.waiting(edition, registration.attendance, 1) if registration.status == "confirmed" else []
    stays_over = rules.surplus(queries.seats(edition), registration.attendance) > 0
    page = render_template(
        "registrations/admin/cancel.html",
        edition=edition,
        registration=registration,
        form=form,
        following=following[0] if following and not stays_over else None,
        waits_on=bool(following) and stays_over,
    )
    return page, form.status


@bp.route("/<int:number>/plaats-geven", methods=["GET", "POST"])
@open_to(organiser)
def give_place(edition: Edition, number: int) -> ResponseReturnValue:
    """Say whom this person would pass, then let them come in."""
    registration = registration_or_404(edition, number)
    form = GivePlaceForm()
    ahead = queries_organise.ahead(registration) if registration.status == "waiting" else []
    if form.validate_on_submit() and not (ahead and form.asks_for_a_reason()):
        try:
            done = actions_organise.give_place(
                registration,
                add_place=form.add_place.data,
                reason=form.reason.data or "",
                by=access.here(),
                now=clock.now(),
            )
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        else:
            db.session.commit()
            words = _("%(name)s has a place.", name=registration.name)
            flash(words if done else _("%(name)s had a place already.", name=registration.name))
            return redirect(url_for(".one", edition=edition, number=number))
    seats = queries.seats(edition)
    page = render_template(
        "registrations/admin/give_place.html",
        edition=edition,
        registration=registration,
        form=form,
        ahead=ahead,
        left=seats.left(registration.attendance),
        over=rules.surplus(seats, registration.attendance),
        capacity=edition.capacity(registration.attendance),
    )
    return page, form.status


@bp.post("/<int:number>/opnieuw-sturen")
@open_to(organiser)
def resend(edition: Edition, number: int) -> ResponseReturnValue:
    """Send the confirmation once more."""
    registration = registration_or_404(edition, number)
    if actions_links.resend(registration, by=access.here()):
        db.session.commit()
        flash(_("The mail is on its way."))
    else:
        db.session.rollback()
        flash(_("There is no e-mail address. Print the confirmation instead."), "warn")
    return redirect(url_for(".one", edition=edition, number=number))


@bp.route("/<int:number>/nieuwe-link", methods=["GET", "POST"])
@open_to(organiser)
def new_link(edition: Edition, number: int) -> ResponseReturnValue:
    """Say which links stop working, then make new ones."""
    registration = registration_or_404(edition, number)
    form = ButtonForm()
    if form.validate_on_submit():
        actions_links.renew_links(registration, by=access.here())
        db.session.commit()
        flash(
            _("The old links no longer work. A mail with the new one is on its way.")
            if registration.email
            else _("The old links no longer work.")
        )
        return redirect(url_for(".one", edition=edition, number=number))
    return render_template(
        "registrations/admin/new_link.html", edition=edition, registration=registration, form=form
    ), form.status


@bp.get("/<int:number>/bevestiging")
@open_to(organiser)
def confirmation(edition: Edition, number: int) -> ResponseReturnValue:
    """A confirmation on paper, for who has no mail address."""
    registration = registration_or_404(edition, number)
    return render_template(
        "registrations/admin/confirmation.html",
        edition=edition,
        registration=registration,
        line=_line(registration),
        address=links.address("portal.mine", language=registration.language, token=queries.manage_token(registration)),
    )
