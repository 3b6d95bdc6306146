"""The published programme for other programs: our own JSON without loss, and the frab schedule."""

import json

from flask import Blueprint, Response

from blender_event.core.access import everyone, open_to
from blender_event.core.caching import FEED_POLICY, Rendered
from blender_event.core.headers import OPEN_DATA
from blender_event.core.templating import language
from blender_event.programme import exchange, queries, queries_materials
from blender_event.programme import views as programme_views
from blender_event.programme.models import Edition

bp = Blueprint("exchange", __name__)


@bp.get("/<edition:edition>/programma.json")
@open_to(everyone)
def programme_json(edition: Edition) -> Response:
    """Take the whole programme along, without loss."""

    def render() -> Rendered:
        programme = queries.published(edition)
        known = exchange.lossless(edition, programme, language(), queries_materials.shown_in(edition, programme))
        body = json.dumps(known, ensure_ascii=False, indent=1).encode()
        return Rendered(body, "application/json", FEED_POLICY, headers=OPEN_DATA)

    return programme_views.published_answer(edition, render)


@bp.get("/<edition:edition>/programma.xml")
@open_to(everyone)
def programme_xml(edition: Edition) -> Response:
    """Read the programme in a conference app, such as Giggity or ConfClerk."""

    def render() -> Rendered:
        programme = queries.published(edition)
        materials = queries_materials.shown_in(edition, programme)
        body = exchange.schedule_xml(edition, programme, language(), materials)
        return Rendered(body, "application/xml; charset=utf-8", FEED_POLICY, headers=OPEN_DATA)

    return programme_views.published_answer(edition, render)
