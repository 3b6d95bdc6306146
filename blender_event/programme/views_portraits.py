"""The portrait of a speaker, for as long as they agree that it is shown."""

from flask import Response, abort

from blender_event.core import serving
from blender_event.core.access import everyone, open_to
from blender_event.core.caching import PAGE_POLICY
from blender_event.programme import queries_speakers
from blender_event.programme.models import Edition
from blender_event.programme.models_materials import Portrait
from blender_event.programme.views import bp, published_or_404


@bp.get("/<edition:edition>/sprekers/<speaker>/portret/<code>.jpg")
@open_to(everyone)
def portrait(edition: Edition, speaker: str, code: str) -> Response:
    """See who somebody is."""
    voice = published_or_404(edition).voice(speaker)
    if voice is None or not voice.portrait or voice.portrait != code:
        abort(404)
    return picture_of(queries_speakers.portrait(code) or abort(404))


def picture_of(found: Portrait) -> Response:
    """The picture itself. Who takes it back is obeyed at the next look, so nobody keeps it without asking."""
    response = serving.picture(found.storage_key, media_type="image/jpeg", size=found.size, etag=found.code)
    response.headers["Cache-Control"] = PAGE_POLICY
    return response
