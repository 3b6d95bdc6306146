"""Organisers write for somebody else: a pitch given by phone, and better words."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock
from blender_event.core.access import open_to, organiser
from blender_event.core.database import db
from blender_event.core.errors import Conflict, KeyReused, Repeated
from blender_event.core.forms import carried_number
from blender_event.core.text import _
from blender_event.people import access
from blender_event.pitches import actions_words, queries
from blender_event.pitches.admin import bp, pitch_or_404
from blender_event.pitches.forms_decisions import WORDS, NoteDownForm, WordsForm
from blender_event.programme import queries as programme_queries
from blender_event.programme.models import Edition


@bp.route("/noteren", methods=["GET", "POST"])
@open_to(organiser)
def note_down(edition: Edition) -> ResponseReturnValue:
    """Write down a pitch that somebody gives by phone or on paper."""
    calls = queries.calls(edition)
    form = NoteDownForm()
    form.call.choices = [(str(call.id), call.title) for call in calls]
    form.offer(list(programme_queries.formats(edition)))
    if calls and form.validate_on_submit():
        call = next(call for call in calls if str(call.id) == form.call.data)
        try:
            pitch = actions_words.note_down(
                call,
                author=form.author(),
                words=form.words(),
                send_in=bool(form.send_in.data),
                key=form.key.data or "",
                digest=form.digest(),
                by=access.here(),
                now=clock.now(),
            )
        except Repeated as done:
            db.session.rollback()
            return redirect(url_for(".one", edition=edition, number=carried_number(done.result)))
        except KeyReused:
            db.session.rollback()
            form.general.append(_("This form was sent before with other words. Look in the list first."))
        else:
            number, title = pitch.id, pitch.title
            db.session.commit()
            flash(_("“%(title)s” is kept.", title=title))
            return redirect(url_for(".one", edition=edition, number=number))
    return render_template("pitches/admin/note_down.html", edition=edition, form=form, calls=calls), form.status


@bp.route("/<int:number>/wijzigen", methods=["GET", "POST"])
@open_to(organiser)
def change(edition: Edition, number: int) -> ResponseReturnValue:
    """Change the words of a pitch. The session that was made from it stays as it is."""
    pitch = pitch_or_404(edition, number)
    form = WordsForm(data={name: getattr(pitch, name) for name in WORDS} | {"seen": str(pitch.revision)})
    form.offer(list(programme_queries.formats(edition)), pitch.call, pitch)
    conflict = False
    if form.validate_on_submit():
        try:
            done = actions_words.change_words(
                pitch, words=form.words(), seen=carried_number(form.seen.data), by=access.here(), now=clock.now()
            )
        except Conflict:
            db.session.rollback()
            conflict = True
            form.seen.data = str(pitch.revision)
        else:
            db.session.commit()
            flash(_("The changes are saved.") if done else _("Nothing was different."))
            return redirect(url_for(".one", edition=edition, number=number))
    theirs = _theirs(form, pitch) if conflict else []
    page = render_template("pitches/admin/change.html", edition=edition, pitch=pitch, form=form, theirs=theirs)
    return page, 409 if conflict else form.status


def _theirs(form: WordsForm, pitch: object) -> list[tuple[object, object]]:
    """What stands now in the fields where something else was typed."""
    typed = form.words()
    return [
        (form[name].label.text, getattr(pitch, name) or "–") for name in WORDS if typed[name] != getattr(pitch, name)
    ]
