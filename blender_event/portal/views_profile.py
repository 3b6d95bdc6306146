"""A speaker's profile in one edition: words, whether they may be shown, the portrait, and what an earlier edition knows."""

import tempfile
from pathlib import Path

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, forgetting, headers, pictures, scanning, storage, uploads
from blender_event.core.access import open_to, speaker
from blender_event.core.database import db, let_go
from blender_event.core.errors import Conflict, Problem, RuleBroken
from blender_event.core.forgetting import Gone
from blender_event.core.forms import carried_number
from blender_event.core.logs import log
from blender_event.core.text import _
from blender_event.people import access
from blender_event.people.forms import ButtonForm
from blender_event.portal.forms_speaker import CarryForm, PortraitForm, ProfileForm
from blender_event.portal.views_speaker import bp, own_speaker_or_404, personal
from blender_event.programme import actions_speakers as actions
from blender_event.programme import queries, queries_speakers
from blender_event.programme.models import Edition, Speaker
from blender_event.programme.views_portraits import picture_of

LARGEST_PICTURE = 8 * 1024 * 1024


@bp.route("/<edition:edition>/profiel", methods=["GET", "POST"])
@open_to(speaker)
def profile(edition: Edition) -> ResponseReturnValue:
    """Say who I am in this edition, and whether that may be shown."""
    found = own_speaker_or_404(edition)
    form = ProfileForm()
    other = False
    if not form.was_sent():
        form.show(found)
    if form.validate_on_submit():
        try:
            actions.introduce(
                found,
                edition,
                words=form.words(),
                shown=form.shown.data == "yes",
                seen=form.seen_number,
                now=clock.now(),
                by=access.here(),
            )
        except Conflict:
            db.session.rollback()
            other, form.seen.data = True, str(found.revision)
        else:
            db.session.commit()
            flash(_("Your profile is saved. It is online after the next publication."), "good")
            return redirect(url_for(".profile", edition=edition), 303)
    return _page(edition, found, form=form, other=other, status=409 if other else form.status)


def _page(edition: Edition, found: Speaker, *, form: ProfileForm, other: bool = False, status: int = 200) -> Response:
    return personal(
        "speakers/profile.html",
        status,
        edition=edition,
        speaker=found,
        form=form,
        other=found if other else None,
        portrait=queries_speakers.portrait(found.portrait_code),
        is_online=queries_speakers.published_portrait(edition, found) == found.portrait_code,
        earlier=None if found.biography else next(iter(queries_speakers.earlier_profiles(found)), None),
    )


@bp.get("/<edition:edition>/profiel/portret.jpg")
@open_to(speaker)
def portrait(edition: Edition) -> Response:
    """My portrait as it will be shown; for me alone."""
    found = queries_speakers.portrait(own_speaker_or_404(edition).portrait_code) or abort(404)
    return headers.personal(picture_of(found))


@bp.route("/<edition:edition>/profiel/portret/uploaden", methods=["GET", "POST"])
@open_to(speaker)
def portrait_add(edition: Edition) -> ResponseReturnValue:
    """Send a picture and say which square of it is shown."""
    found = own_speaker_or_404(edition)
    form = PortraitForm()
    if form.validate_on_submit():
        let_go(edition, found, access.here())  # what follows is slow: no lock meanwhile
        try:
            key, size = _cut_and_stored(form)
        except RuleBroken as broken:
            form.take(broken)
        else:
            _hang(edition.id, key, size)
            flash(_("This is your portrait now. It is online after the next publication."), "good")
            return redirect(url_for(".profile", edition=edition.slug), 303)
    return personal("speakers/portrait.html", form.status, edition=edition, speaker=found, form=form)


def _cut_and_stored(form: PortraitForm) -> tuple[str, int]:
    """Cut, encoded anew and stored under a new key; what came in is gone. Raises `RuleBroken`."""
    file = request.files.get("file")
    with uploads.received(file, kinds=uploads.PICTURES, most_bytes=LARGEST_PICTURE) as upload:
        scanning.verdict(upload.path)
        try:
            made = pictures.portrait(upload.path, form.crop())
        except pictures.Broken:
            raise RuleBroken(Problem(_("We cannot read this picture. Save it again as JPEG or PNG."), "file")) from None
    with tempfile.NamedTemporaryFile(dir=storage.incoming(), prefix="portrait-") as cut:
        cut.write(made)
        cut.flush()
        return _kept(Path(cut.name)), len(made)


def _kept(file: Path) -> str:
    key = storage.new_key("portraits")
    storage.save(key, file)
    return key


def _hang(edition_id: int, key: str, size: int) -> None:
    """The row comes last, and older pictures are removed after the commit.

    When it cannot come, the sweep takes the file: what goes wrong at a commit may have been committed after all.
    """
    edition = queries.edition_by_id(edition_id) or abort(404)
    found = own_speaker_or_404(edition)
    gone = actions.hang_portrait(found, edition, key=key, size=size, now=clock.now(), by=access.here())
    db.session.commit()
    forgetting.remove_files([Gone("portraits", len(gone), keys=gone)])


def _copied(key: str) -> str:
    with tempfile.NamedTemporaryFile(dir=storage.incoming(), prefix="portrait-") as copy:
        storage.fetch(key, Path(copy.name))
        return _kept(Path(copy.name))


@bp.post("/<edition:edition>/profiel/portret/verwijderen")
@open_to(speaker)
def portrait_remove(edition: Edition) -> ResponseReturnValue:
    """Take my portrait away at once, everywhere."""
    if not ButtonForm().validate_on_submit():
        abort(400)
    gone = actions.take_portrait_down(own_speaker_or_404(edition), edition, by=access.here())
    db.session.commit()
    forgetting.remove_files([Gone("portraits", len(gone), keys=gone)])
    flash(_("Your portrait is removed. It is shown nowhere any more."), "good")
    return redirect(url_for(".profile", edition=edition), 303)


@bp.route("/<edition:edition>/profiel/overnemen", methods=["GET", "POST"])
@open_to(speaker)
def carry_over(edition: Edition) -> ResponseReturnValue:
    """See what an earlier edition knows of me, and take it when I want to."""
    found = own_speaker_or_404(edition)
    source = next(iter(queries_speakers.earlier_profiles(found)), None) or abort(404)
    form = CarryForm()
    if not form.was_sent():
        form.seen.data, form.source.data = str(found.revision), str(source.id)
    other = False
    if form.validate_on_submit() and carried_number(form.source.data) == source.id:
        try:
            return _carried(edition, found, source, form.seen_number)
        except Conflict:
            db.session.rollback()
            other, form.seen.data = True, str(found.revision)
    earlier = queries.edition_by_id(source.edition_id)
    return personal(
        "speakers/carry_over.html",
        409 if other else form.status,
        edition=edition,
        speaker=found,
        source=source,
        earlier=earlier,
        form=form,
        other=other,
        has_portrait=queries_speakers.portrait(source.portrait_code) is not None,
    )


def _carried(edition: Edition, found: Speaker, source: Speaker, seen: int) -> ResponseReturnValue:
    """The words, and a picture of its own: the earlier edition keeps what it has. Raises `Conflict`.

    A picture that cannot be had stops nothing: the words are there, and the page asks for a portrait.
    """
    picture = queries_speakers.portrait(source.portrait_code)
    actions.carry_over(found, edition, source, seen=seen, now=clock.now(), by=access.here())
    number, old, size = edition.id, picture.storage_key if picture else "", picture.size if picture else 0
    db.session.commit()
    if old:
        let_go(edition, found, access.here())
        try:
            key = _copied(old)
        except storage.StorageFault as fault:
            log.warning("portrait not taken over", fault=type(fault).__name__)
        else:
            _hang(number, key, size)
    flash(_("Your profile is taken over. Look at it, and say whether we may show it."), "good")
    return redirect(url_for(".profile", edition=edition.slug), 303)
