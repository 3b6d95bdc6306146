"""Organisers ask speakers for something: an invitation, dates, and reminders that each leave once."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, limits
from blender_event.core.access import needs_reader, open_to, organiser
from blender_event.core.database import db, writing
from blender_event.core.errors import Conflict, RuleBroken
from blender_event.core.forms import carried_number
from blender_event.core.text import Words, _, counted
from blender_event.people import access
from blender_event.people import queries as people
from blender_event.people.forms import ButtonForm
from blender_event.programme import actions_reminders as actions
from blender_event.programme import notices_speakers, queries, queries_speakers, rules_speakers
from blender_event.programme.admin_speakers import bp, speaker_or_404
from blender_event.programme.forms_speakers import DatesForm, RemindForm
from blender_event.programme.models import Edition, Speaker

PER_ORGANISER = "100 per hour; 400 per day"
WAYS = {"bevestigen": "confirm", "biografie": "biography", "slides": "slides"}
TITLES: dict[str, Words] = {
    "confirm": _("Remind who has not confirmed"),
    "biography": _("Remind who has no biography"),
    "slides": _("Remind who has no slides"),
}


@bp.post("/<int:number>/uitnodigen")
@open_to(organiser)
def invite(edition: Edition, number: int) -> ResponseReturnValue:
    """Mail a speaker what is asked, with a link that signs them in."""
    if not ButtonForm().validate_on_submit():
        abort(400)
    if not limits.allowed("invite speaker", str(access.here().id), PER_ORGANISER):
        abort(429)
    speaker = speaker_or_404(edition, number)
    if speaker.person is None or speaker.person.email is None:
        abort(404)
    sent = actions.invite(speaker, edition, now=clock.now(), by=access.here())
    name = speaker.name
    db.session.commit()
    if sent:
        flash(_("The invitation of %(name)s is on its way.", name=name), "good")
    else:
        flash(_("%(name)s was invited less than three days ago. Nothing was sent.", name=name), "info")
    return redirect(url_for(".change_speaker", edition=edition, number=number), 303)


@bp.route("/herinneren/<any(bevestigen, biografie, slides):way>", methods=["GET", "POST"])
@open_to(organiser)
def remind(edition: Edition, way: str) -> ResponseReturnValue:
    """Read the letter, see who gets it and who does not, then send it: to each of them once."""
    kind, now = WAYS[way], clock.now()
    lacking = queries_speakers.lacking(edition, kind)
    able = [one for one in lacking if one.person and one.person.email]
    ready = [one for one in able if rules_speakers.may_be_reminded(one, kind, now)]
    form = RemindForm()
    only = request.args.get("to", type=int)
    form.offer(
        queries.speakers(edition) if form.was_sent() else ready, [one.id for one in ready if only in (None, one.id)]
    )
    if form.validate_on_submit():
        sent = actions.remind(edition, kind, form.numbers(), now=now, by=access.here())
        db.session.commit()
        if sent:
            flash(counted("%(num)s mail is on its way.", "%(num)s mails are on their way.", sent), "good")
        else:
            flash(_("Nothing was sent: nobody chosen still had to be reminded."), "info")
        return redirect(url_for(".speakers", edition=edition, show=kind), 303)
    page = render_template(
        "programme/admin/remind_speakers.html",
        edition=edition,
        title=TITLES[kind],
        form=form,
        ready=ready,
        recent=[(one, _again_at(one, kind)) for one in able if one not in ready],
        unreachable=[one for one in lacking if one not in able],
        letter_language=ready[0].person.language if ready and ready[0].person else "nl",
        letter=notices_speakers.reminder_as_read(ready[0], edition, kind) if ready else None,
    )
    return page, form.status


def _again_at(speaker: Speaker, kind: str) -> object:
    """From when somebody may be reminded again."""
    last = rules_speakers.reminded_at(speaker, kind)
    return last + rules_speakers.REMIND_AFTER if last else None


@bp.route("/termijnen", methods=["GET", "POST"])
@open_to(organiser)
def dates(edition: Edition) -> ResponseReturnValue:
    """Say by when speakers confirm, write and send slides."""
    form = DatesForm()
    other = False
    if not form.was_sent():
        form.show(edition)
    if form.validate_on_submit():
        try:
            actions.set_dates(edition, **form.dates(), seen=carried_number(form.seen.data), by=access.here())
        except RuleBroken as broken:
            db.session.rollback()
            form.take(broken)
        except Conflict:
            db.session.rollback()
            other, form.seen.data = True, str(edition.revision)
        else:
            db.session.commit()
            flash(_("The dates are saved. Speakers see them on their page."), "good")
            return redirect(url_for(".speakers", edition=edition), 303)
    page = render_template("programme/admin/speaker_dates.html", edition=edition, form=form, other=other)
    return page, 409 if other else form.status


@bp.get("/behoeften")
@open_to(needs_reader)
def needs(edition: Edition) -> ResponseReturnValue:
    """See what speakers need to take part. Nothing is shown before it is written down who looks."""
    by = access.here()
    db.session.rollback()
    with writing():
        actions.saw_needs(edition, by=by)
        db.session.commit()
    return render_template(
        "programme/admin/speaker_needs.html",
        edition=edition,
        needs=queries_speakers.needs_by_name(edition),
        readers=people.needs_readers(edition.id),
    )
