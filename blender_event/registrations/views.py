"""Registering: the form in three steps, a team in one go, and the way back for who lost their link."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, fresh, headers, limits, links
from blender_event.core.access import everyone, open_to
from blender_event.core.database import db, let_go
from blender_event.core.errors import KeyReused, Problem, Repeated, RuleBroken
from blender_event.core.logs import log
from blender_event.core.templating import language
from blender_event.core.text import _, clean, email_key
from blender_event.programme import rules as programme_rules
from blender_event.programme import views as programme_views
from blender_event.programme.facts import Seats
from blender_event.programme.models import Edition
from blender_event.registrations import actions, actions_links, queries, rules
from blender_event.registrations.forms import GROUP_HINTS, LAST_STEP, LostLinkForm, RegistrationForm, TeamForm
from blender_event.registrations.models import Team

bp = Blueprint("registrations", __name__)
PER_ADDRESS = "3 per hour; 10 per day"
PER_CLIENT = "60 per 15 minutes"
PER_CONTACT = "10 per hour; 30 per day"  # teams that one address may answer for
_FEW = 25  # from so few places on, every form tells the exact number
_NEVER_PARKED = {"csrf_token", "key", "step", "go", "website", "needs", "needs_words", "needs_consent"}


@bp.route("/<edition:edition>/inschrijven", methods=["GET", "POST"])
@open_to(everyone)
def register(edition: Edition) -> ResponseReturnValue:
    """Ask for the visitor's details, step by step, and give them a place."""
    phase = programme_rules.registration_phase(edition, clock.now())
    seats = queries.seats(edition)
    let_go(edition)
    if request.method != "POST":
        return _closed(edition, phase, seats) or _empty(edition, phase, seats)
    form = RegistrationForm.for_edition(edition)
    if form.is_trapped:
        return _parked(edition)
    back = request.form.get("go", "")
    if back in ("1", "2"):
        return _step(form, edition, seats, int(back))
    wrong = form.first_wrong_step(form.shown)
    if phase != "open":
        form.general.append(_("Registration is not open now. Call or mail us and we will look for a way together."))
    if wrong is not None or form.general:
        return _step(form, edition, seats, wrong or form.shown)
    if form.shown < LAST_STEP:
        return _step(form, edition, seats, form.shown + 1)
    return _register(form, edition, seats)


def _empty(edition: Edition, phase: str, seats: Seats) -> Response:
    """The first step for whoever has not answered anything yet."""
    shown = _roughly(edition, seats)

    def make() -> tuple[str, str]:
        form = RegistrationForm.for_edition(edition)
        return _page(form, edition, shown, 1), form.key.data or ""

    return _personal(fresh.page((edition.uid, edition.public_revision, phase, shown), make))


def _roughly(edition: Edition, seats: Seats) -> Seats:
    """Places as an empty form tells them: exact when few are left, else up to ten seconds old, so that a rush finds the form ready."""
    older = programme_views.kept_seats(edition.id) if _plenty(seats) else None
    return older if older is not None and _plenty(older) else seats


def _plenty(seats: Seats) -> bool:
    left = [seats.left(way) for way in rules.ATTENDANCES]
    return not (seats.onsite_waiting or seats.online_waiting) and all(
        places is None or places >= _FEW for places in left
    )


def _step(form: RegistrationForm, edition: Edition, seats: Seats, step: int) -> Response:
    """One page of the form. The lock is free while it is made."""
    let_go(edition)
    return _personal(_page(form, edition, seats, step), form.status)


def _page(form: RegistrationForm, edition: Edition, seats: Seats, step: int) -> str:
    form.step.data = str(step)
    return render_template(
        f"registrations/step_{step}.html",
        form=form,
        edition=edition,
        seats=seats,
        step=step,
        last=LAST_STEP,
        group_hints=GROUP_HINTS,
    )


def _register(form: RegistrationForm, edition: Edition, seats: Seats) -> ResponseReturnValue:
    details = form.details()
    tell = limits.allowed("registers", _who(details.email), PER_ADDRESS)
    db.session.add(edition)
    try:
        registration = actions.register(
            edition,
            now=clock.now(),
            details=details,
            language=language(),
            key=form.key.data or "",
            digest=form.digest(),
            tell_owner=tell,
        )
    except RuleBroken as broken:
        form.take(broken)
        return _step(form, edition, seats, form.step_of(problem.field for problem in broken.problems))
    except Repeated as done:
        return _where(edition, done.result)
    except KeyReused:
        return _used_key(edition)
    result = str(registration.id) if registration is not None else ""
    db.session.commit()
    log.info("registered", edition=edition.id, registration=result)
    return _where(edition, result)


def _where(edition: Edition, result: str) -> ResponseReturnValue:
    """Where somebody goes after registering: their own page, or the page that tells nothing."""
    registration = queries.in_edition(edition, int(result)) if result else None
    if registration is None:
        return redirect(url_for(".received", edition=edition.slug), 303)
    return redirect(url_for("portal.mine", token=queries.manage_token(registration)), 303)


def _who(email: str | None) -> str:
    """An address as limits count it: hashed, so that no table of addresses comes to be."""
    return links.hashed(email_key(email or ""))[:32]


def _used_key(edition: Edition) -> Response:
    let_go(edition)
    return _personal(render_template("registrations/used_key.html", edition=edition), 409)


def _parked(edition: Edition) -> ResponseReturnValue:
    """Whoever fills in the trap is thanked like anybody else; an organiser looks at it later."""
    sent: dict[str, Any] = {}
    for name in list(request.form)[:40]:
        if name not in _NEVER_PARKED:
            sent[clean(name, longest=40)] = ", ".join(
                clean(value, longest=300) for value in request.form.getlist(name)[:20]
            )
    actions.park(edition, details=sent, now=clock.now())
    db.session.commit()
    log.info("parked", edition=edition.id)
    return redirect(url_for(".received", edition=edition.slug), 303)


def _closed(edition: Edition, phase: str, seats: Seats) -> Response | None:
    """The page that says why nobody can register now, and what one can do instead."""
    ways = [way for way in rules.ATTENDANCES if edition.offers(way)]
    if phase == "open" and not edition.has_waiting_list and all(rules.is_full(seats, way) for way in ways):
        phase = "full"
    if phase == "open":
        return None
    return _personal(render_template("registrations/closed.html", edition=edition, phase=phase))


def _personal(page: str, status: int = 200) -> Response:
    return headers.personal(make_response(page, status))


@bp.route("/<edition:edition>/inschrijven/ontvangen")
@open_to(everyone)
def received(edition: Edition) -> ResponseReturnValue:
    """Say “look in your mailbox”, and nothing that tells who is registered."""
    asked_link = request.args.get("van") == "link"
    return _personal(render_template("registrations/received.html", edition=edition, asked_link=asked_link))


@bp.route("/<edition:edition>/inschrijven/team", methods=["GET", "POST"])
@open_to(everyone)
def team(edition: Edition) -> ResponseReturnValue:
    """Register several colleagues in one go."""
    phase = programme_rules.registration_phase(edition, clock.now())
    seats = queries.seats(edition)
    let_go(edition)
    form = TeamForm.for_edition(edition)
    if request.method != "POST":
        return _closed(edition, phase, seats) or _team_page(form, edition, seats)
    if form.is_trapped:
        return _parked(edition)
    if request.form.get("go") == "more":
        form.add_rows(3)
        return _team_page(form, edition, seats)
    people = form.details() if form.validate() else []
    if not form.errors and not people:
        form.take(RuleBroken(Problem(_("Fill in at least one person."))))
    if form.status != 200:
        return _team_page(form, edition, seats)
    return _register_team(form, edition, seats)


def _team_page(form: TeamForm, edition: Edition, seats: Seats) -> Response:
    let_go(edition)
    return _personal(
        render_template(
            "registrations/team.html",
            form=form,
            edition=edition,
            seats=seats,
            largest=rules.LARGEST_TEAM,
            group_hints=GROUP_HINTS,
        ),
        form.status,
    )


def _register_team(form: TeamForm, edition: Edition, seats: Seats) -> ResponseReturnValue:
    if not limits.allowed("team from", request.remote_addr or "", PER_CLIENT):
        abort(429)
    if not limits.allowed("team to", _who(form.contact_email.data), PER_CONTACT):
        form.take(
            RuleBroken(
                Problem(_("This address got several mails of teams already. Try again in an hour."), "contact_email")
            )
        )
        return _team_page(form, edition, seats)
    people = form.details()
    addresses = {email_key(one.email) for one in people if one.email}
    told = {address for address in addresses if limits.allowed("registers", _who(address), PER_ADDRESS)}
    contact = Team(
        name=form.organisation.data or "",
        contact_name=form.contact_name.data or "",
        contact_email=form.contact_email.data or "",
        contact_phone=form.contact_phone.data or "",
    )
    db.session.add(edition)
    try:
        made = actions.register_team(
            edition,
            now=clock.now(),
            people=people,
            contact=contact,
            language=language(),
            as_many_as_fit=form.fit.data == "as_many",
            key=form.key.data or "",
            digest=form.digest(),
            tell_owners=told,
        )
    except RuleBroken as broken:
        form.take(broken)
        return _team_page(form, edition, seats)
    except Repeated:
        return redirect(url_for(".received", edition=edition.slug), 303)
    except KeyReused:
        return _used_key(edition)
    db.session.commit()
    log.info("team registered", edition=edition.id, people=len(made))
    return redirect(url_for(".received", edition=edition.slug), 303)


@bp.route("/<edition:edition>/inschrijven/mijn-link", methods=["GET", "POST"])
@open_to(everyone)
def lost_link(edition: Edition) -> ResponseReturnValue:
    """Mail somebody their own page. The answer is the same for every address."""
    form = LostLinkForm()
    if form.validate_on_submit():
        if not limits.allowed("lost link from", request.remote_addr or "", PER_CLIENT):
            abort(429)
        if not form.is_trapped and limits.allowed("lost link to", _who(form.email.data), PER_ADDRESS):
            _mail_link(edition, form.email.data or "")
        return redirect(url_for(".received", edition=edition.slug, van="link"), 303)
    let_go(edition)
    return _personal(render_template("registrations/lost_link.html", edition=edition, form=form), form.status)


def _mail_link(edition: Edition, email: str) -> None:
    if actions_links.mail_my_link(edition, email, language=language(), now=clock.now()):
        db.session.commit()
    else:
        db.session.rollback()
