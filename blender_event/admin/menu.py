"""The menu of the organisers' frame."""

from typing import Any

from flask import request, url_for

from blender_event.core.text import Words, _
from blender_event.programme.models import Edition

Group = dict[str, Any]


def groups(edition: Edition | None, counts: dict[str, int]) -> list[Group]:
    """The menu of an edition this person organises, or the way to the editions; and to their own sessions."""
    own = [
        _item(_("My account"), url_for("admin.account.account")),
        _item(_("All editions"), url_for("admin.home"), below=False),
        *([_item(_("Your sessions"), url_for("speaker.overview"))] if counts.get("talks") else []),
    ]
    if edition is None:
        return [_group(_("Blender"), own)]

    def to(endpoint: str) -> str:
        return url_for(endpoint, edition=edition)

    day = [
        _item(_("Overview"), to("admin.dashboard"), below=False),
        _item(_("Registrations"), to("admin.registrations.listing"), count=counts.get("registrations")),
        _item(_("Programme"), to("admin.programme.sessions")),
        _item(_("Pitches"), to("admin.pitches.listing"), count=counts.get("pitches")),
        _item(_("Speakers"), to("admin.speakers.speakers")),
        _item(_("Slides and materials"), to("admin.materials.overview")),
        _item(_("Mails"), to("admin.outbox"), count=counts.get("mails")),
        _item(_("Recap"), to("admin.recaps.write")),
    ]
    setting_up = [
        _item(_("Rooms and themes"), to("admin.frame.things")),
        _item(_("Settings"), to("admin.editions.settings")),
        _item(_("People with access"), to("admin.people.listing")),
        _item(_("Log"), to("admin.audit")),
    ]
    title = _("Edition %(year)s", year=edition.starts_on.year)
    return [_group(title, day), _group(_("Setting up"), setting_up), _group(_("Blender"), own)]


def judging(edition: Edition, waiting: int, *, alone: bool) -> list[Group]:
    """The menu of who only judges here; `alone`: there is nothing else they may do."""
    mine = [_item(_("Your pitches to judge"), url_for("admin.review.listing", edition=edition), count=waiting)]
    own = [_item(_("My account"), url_for("admin.account.account"))]
    if not alone:
        own.append(_item(_("All editions"), url_for("admin.home"), below=False))
    return [_group(_("Edition %(year)s", year=edition.starts_on.year), mine), _group(_("Blender"), own)]


def _group(title: Words, items: list[dict[str, Any]]) -> Group:
    return {"title": title, "items": items}


def _item(label: Words, href: str, count: int | None = None, *, below: bool = True) -> dict[str, Any]:
    """An entry; it is current on its own page and, with `below`, on those under it."""
    here = request.script_root + request.path
    current = here == href or (below and here.startswith(href + "/"))
    return {"label": label, "href": href, "current": current, "count": count or None}
