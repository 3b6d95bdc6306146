"""Slides and other materials as the public gets them: at an address that never changes."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from blender_event.core import clock, serving
from blender_event.core.access import everyone, open_to
from blender_event.core.caching import PAGE_POLICY
from blender_event.programme import queries, queries_materials, rules_materials
from blender_event.programme.models import Edition
from blender_event.programme.models_materials import Material, MaterialVersion
from blender_event.programme.rules_materials import Ending

bp = Blueprint("materials", __name__)


@bp.get("/<edition:edition>/materiaal/<code>")
@open_to(everyone)
def newest(edition: Edition, code: str) -> ResponseReturnValue:
    """Take a material: the version that is public now, or the way to a link."""
    material = _shown(edition, code)
    version = rules_materials.public_version(material)
    if not rules_materials.is_file(material):
        return redirect(material.url, 302)
    return _file(version or abort(404))


@bp.get("/<edition:edition>/materiaal/<code>/<int:number>")
@open_to(everyone)
def exactly(edition: Edition, code: str, number: int) -> ResponseReturnValue:
    """Take this very version, for as long as it is the public one."""
    return _file(_public_version(_shown(edition, code), number))


@bp.get("/<edition:edition>/materiaal/<code>/<int:number>/voorbeeld.jpg")
@open_to(everyone)
def preview(edition: Edition, code: str, number: int) -> ResponseReturnValue:
    """See the first page before taking the file."""
    version = _public_version(_shown(edition, code), number)
    response = picture_of(version)
    response.headers["Cache-Control"] = PAGE_POLICY  # what is taken back must be gone at the next look
    return response


def _shown(edition: Edition, code: str) -> Material:
    """The material everybody may have now. What was public and is removed says so; anything else is not there."""
    material = queries_materials.by_code(edition, code) or abort(404)
    programme = queries.published(edition)
    uid = material.session.uid
    point = next((point for point in programme.points if point.uid == uid), None) if programme else None
    ending = Ending.of(point) if point else None
    if rules_materials.was_shown(material, ending, edition):
        abort(_removed(edition))
    if not rules_materials.is_shown(material, ending, edition, clock.now()):
        abort(404)
    return material


def _removed(edition: Edition) -> Response:
    return make_response(render_template("programme/material_removed.html", edition=edition), 410)


def _public_version(material: Material, number: int) -> MaterialVersion:
    """The version of this number while it is the public one. What was replaced was replaced for a reason."""
    version = rules_materials.public_version(material)
    return version if version is not None and version.number == number else abort(404)


def _file(version: MaterialVersion) -> Response:
    return attachment_of(version, public=True)


def attachment_of(version: MaterialVersion, *, public: bool) -> Response:
    """A version as a file to keep."""
    return serving.attachment(
        version.storage_key,
        name=version.name,
        media_type=version.media_type,
        size=version.size,
        etag=version.sha256,
        public=public,
    )


def picture_of(version: MaterialVersion) -> Response:
    """The picture of a version's first page. 404 when there is none."""
    picture = version.picture or abort(404)
    etag = picture.storage_key.rpartition("/")[2]
    return serving.picture(picture.storage_key, media_type="image/jpeg", size=picture.size, etag=etag)
