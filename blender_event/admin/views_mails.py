"""The outbox: what did not arrive first; each letter as it was sent, and what can be done about it."""

import base64

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import dump_options_header

from blender_event.admin import actions, letters, queries_lists
from blender_event.admin.forms import BounceForm
from blender_event.admin.views import bp
from blender_event.core import limits
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import RuleBroken
from blender_event.core.text import _, clean, counted
from blender_event.mail.models import Letter
from blender_event.people import access, rules
from blender_event.people.forms import ButtonForm
from blender_event.programme.models import Edition

TESTS = "10 per hour"


def _sees_all() -> bool:
    """Letters of no edition (links to sign in) are for who organises every edition."""
    return rules.is_chief(access.here().roles)


def _letter(edition: Edition, number: int, *, locked: bool = False) -> Letter:
    return queries_lists.letter(edition, number, with_unbound=_sees_all(), locked=locked) or abort(404)


@bp.get("/<edition:edition>/mails")
@open_to(organiser)
def outbox(edition: Edition) -> ResponseReturnValue:
    """Find a letter, or what went wrong."""
    show = request.args.get("show", "")
    search = clean(request.args.get("q"), longest=100)
    counts = queries_lists.letter_counts(edition, with_unbound=_sees_all())
    page = queries_lists.letters(
        edition,
        with_unbound=_sees_all(),
        show=show,
        search=search,
        page=request.args.get("page", 1, int),
    )
    return render_template(
        "admin/outbox.html",
        edition=edition,
        page=page,
        sections=letters.sections(page.rows),
        tabs=letters.tabs(edition, counts, show),
        counts=counts,
        search=search,
        show=show,
    )


@bp.get("/<edition:edition>/mails/<int:number>")
@open_to(organiser)
def letter(edition: Edition, number: int) -> ResponseReturnValue:
    """See what happened to one letter, and the letter itself."""
    return _shown(edition, _letter(edition, number))


def _shown(
    edition: Edition, found: Letter, broken: RuleBroken | None = None, form: BounceForm | None = None
) -> ResponseReturnValue:
    form = form or BounceForm()
    if broken is not None:
        form.take(broken)
    bounce = queries_lists.bounce_of(found.to_email)
    page = render_template(
        "admin/letter.html",
        edition=edition,
        letter=found,
        form=form,
        bounce=bounce,
        steps=letters.steps(found, bounce, edition.zone),
        words=letters.as_sent(found),
        files=letters.files(found),
    )
    return page, 409 if broken is not None else form.status


@bp.get("/<edition:edition>/mails/<int:number>/bijlage/<int:place>")
@open_to(organiser)
def letter_file(edition: Edition, number: int, place: int) -> ResponseReturnValue:
    """Fetch a file that went along, never shown in the browser."""
    files = _letter(edition, number).attachments
    if place >= len(files):
        abort(404)
    found = files[place]
    response: Response = make_response(base64.b64decode(found["data"]))
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": found["name"]})
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@bp.post("/<edition:edition>/mails/<int:number>/opnieuw")
@open_to(organiser)
def resend_letter(edition: Edition, number: int) -> ResponseReturnValue:
    """Send it once more."""
    found = _letter(edition, number, locked=True)
    try:
        actions.resend(found, by=access.here())
    except RuleBroken as broken:
        db.session.rollback()
        return _shown(edition, _letter(edition, number), broken)
    db.session.commit()
    flash(_("The mail is on its way again."), "good")
    return redirect(url_for(".letter", edition=edition, number=number))


@bp.route("/<edition:edition>/mails/<int:number>/laat-vallen", methods=["GET", "POST"])
@open_to(organiser)
def drop_letter(edition: Edition, number: int) -> ResponseReturnValue:
    """Say what that means, then give the letter up."""
    form = ButtonForm()
    found = _letter(edition, number, locked=form.was_sent())
    if form.validate_on_submit():
        try:
            actions.drop(found, by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            return _shown(edition, _letter(edition, number), broken)
        db.session.commit()
        flash(_("The mail will not be sent."), "good")
        return redirect(url_for(".letter", edition=edition, number=number))
    return render_template("admin/drop_letter.html", edition=edition, letter=found, form=form), form.status


@bp.post("/<edition:edition>/mails/<int:number>/adres")
@open_to(organiser)
def mark_address(edition: Edition, number: int) -> ResponseReturnValue:
    """Note that an address does not work, or that it does again."""
    found = _letter(edition, number)
    form = BounceForm()
    if request.form.get("works"):
        actions.forgive(found, by=access.here())
        words = _("The address works again. Mails go there from now on.")
    elif form.validate_on_submit():
        actions.mark_bounced(found, reason=form.reason.data or "", by=access.here())
        words = _("We write no more to this address.")
    else:
        return _shown(edition, found, form=form)
    db.session.commit()
    flash(words, "good")
    return redirect(url_for(".letter", edition=edition, number=number))


@bp.post("/<edition:edition>/mails/proef")
@open_to(organiser)
def test_letter(edition: Edition) -> ResponseReturnValue:
    """Mail oneself."""
    if not limits.allowed("test letter", str(access.here().id), TESTS):
        abort(429)
    if access.here().email is None:
        abort(404)
    actions.send_test(edition, by=access.here())
    address = access.here().email
    db.session.commit()
    flash(_("A test mail is on its way to %(address)s.", address=address), "good")
    return redirect(url_for(".outbox", edition=edition))


@bp.route("/<edition:edition>/mails/vrijgeven", methods=["GET", "POST"])
@open_to(organiser)
def release_letters(edition: Edition) -> ResponseReturnValue:
    """After a restore: look at what is held, then let it go."""
    form = ButtonForm()
    if form.validate_on_submit():
        number = actions.release_held(edition, by=access.here())
        db.session.commit()
        flash(counted("%(num)s mail is on its way.", "%(num)s mails are on their way.", number), "good")
        return redirect(url_for(".outbox", edition=edition))
    held = queries_lists.letter_counts(edition, with_unbound=False)["held"]
    return render_template("admin/release_letters.html", edition=edition, form=form, held=held), form.status
