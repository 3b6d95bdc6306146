"""What is attached to a pitch: adding, fetching and removing a file. A file that does not arrive changes nothing."""

import contextlib

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blender_event.core import clock, scanning, serving, storage, uploads
from blender_event.core.access import link_holder, open_to
from blender_event.core.database import db, let_go
from blender_event.core.errors import RuleBroken
from blender_event.pitches import actions_files, queries, rules_sending
from blender_event.pitches.forms import FileForm
from blender_event.pitches.models import PitchFile
from blender_event.pitches.views import answer, bp
from blender_event.pitches.views_steps import facts, own, shown, used
from blender_event.programme.models import Edition

KINDS = uploads.SLIDES | uploads.DOCUMENTS
MOST_BYTES = 10 * 1024 * 1024


@bp.route("/<edition:edition>/pitches/mijn/<token>/bijlagen")
@open_to(link_holder)
def files(edition: Edition, token: str) -> ResponseReturnValue:
    """What is attached, and a form to add something."""
    return shown("files", 200, facts(own(edition, token), token), form=FileForm())


@bp.route("/<edition:edition>/pitches/mijn/<token>/bijlagen/uploaden", methods=["POST"])
@open_to(link_holder)
def upload(edition: Edition, token: str) -> ResponseReturnValue:
    """Take a file in: looked at and stored while nothing is locked, its row last."""
    author = own(edition, token)
    pitch = author.pitch
    problem = rules_sending.may_change(pitch, clock.now()) or rules_sending.may_attach(pitch, len(pitch.files))
    let_go(author, pitch, edition)
    key = storage.new_key("pitches")
    try:
        if problem is not None:
            raise RuleBroken(problem)
        _attached(edition, token, key)
    except RuleBroken as broken:
        db.session.rollback()
        _forget(key)
        return _refused(edition, token, broken)
    except Exception:
        db.session.rollback()
        _forget(key)
        raise
    place = url_for(".files", edition=edition.slug, token=token)
    return answer({"href": place}) if uploads.wants_json() else redirect(place, 303)


def _attached(edition: Edition, token: str, key: str) -> None:
    with uploads.received(request.files.get("file"), kinds=KINDS, most_bytes=MOST_BYTES) as given:
        scanned = scanning.verdict(given.path)
        storage.save(key, given.path)
        file = PitchFile(
            storage_key=key,
            name=given.name,
            media_type=given.media_type,
            size=given.size,
            sha256=given.sha256,
            scanned=scanned,
        )
    author = own(edition, token)
    actions_files.attach(author, file, now=clock.now())
    used(token, author)
    db.session.commit()


def _refused(edition: Edition, token: str, broken: RuleBroken) -> Response:
    if uploads.wants_json():
        return answer({"problems": [str(problem) for problem in broken.problems]}, 422)
    form = FileForm()
    form.take(broken)
    return shown("files", 422, facts(own(edition, token), token), form=form)


def _forget(key: str) -> None:
    """What was stored for nothing; a store that is away is swept later."""
    with contextlib.suppress(storage.StorageFault):
        storage.remove(key)


@bp.route("/<edition:edition>/pitches/mijn/<token>/bijlagen/<int:number>")
@open_to(link_holder)
def download(edition: Edition, token: str, number: int) -> ResponseReturnValue:
    """One's own file."""
    author = own(edition, token)
    file = queries.file_of(author.pitch, number)
    if file is None:
        abort(404)
    return serving.attachment(
        file.storage_key, name=file.name, media_type=file.media_type, size=file.size, etag=file.sha256, public=False
    )


@bp.route("/<edition:edition>/pitches/mijn/<token>/bijlagen/<int:number>/weg", methods=["POST"])
@open_to(link_holder)
def remove_file(edition: Edition, token: str, number: int) -> ResponseReturnValue:
    """Take a file away again."""
    author = own(edition, token)
    file = queries.file_of(author.pitch, number) or abort(404)
    try:
        key = actions_files.detach(author, file, now=clock.now())
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.problems[0]), "warn")
    else:
        used(token, author)
        db.session.commit()
        _forget(key)
    return redirect(url_for(".files", edition=edition.slug, token=token), 303)
