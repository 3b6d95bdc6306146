"""The front page, the archive, the standing texts; what machines ask for; health and measurements."""

import re
import xml.etree.ElementTree as xml
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, send_from_directory
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blender_event.core import caching, clock, links, markdown
from blender_event.core.access import everyone, open_to, operator
from blender_event.core.caching import FEED_POLICY, Rendered
from blender_event.core.templating import language
from blender_event.core.text import _
from blender_event.pages import metrics as measurements
from blender_event.pages import queries as page_queries
from blender_event.pitches import queries_public
from blender_event.programme import cards, queries, rules
from blender_event.programme import views as programme_views
from blender_event.programme.models import Edition

bp = Blueprint("pages", __name__)
_TEXTS = Path(__file__).parent / "texts"
_TIMETABLE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _coming(editions: Sequence[Edition]) -> Edition | None:
    """The edition that is next (or now), else the latest that was; `editions` come latest first."""
    ahead = [edition for edition in editions if edition.ends_on >= clock.today(edition.zone)]
    return ahead[-1] if ahead else editions[0] if editions else None


def _takes_pitches(coming: Edition | None) -> bool:
    return coming is not None and bool(queries_public.open_now(coming, clock.now()))


def _over_all(render: Callable[[Sequence[Edition], Edition | None, str], str], *, seats: bool = False) -> Response:
    """A page about all editions, from memory as long as none of them changed and the same one is next."""
    editions = queries.public_editions()
    coming = _coming(editions)
    phase = rules.registration_phase(coming, clock.now()) if coming else ""
    left = programme_views.kept_seats(coming.id) if coming and seats and phase == "open" else None
    facts = (
        *((edition.uid, edition.public_revision) for edition in editions),
        coming.uid if coming else "",
        phase,
        left,
        seats and _takes_pitches(coming),
    )
    return caching.answer(facts, lambda: Rendered(render(editions, coming, phase).encode()))


@bp.get("/")
@open_to(everyone)
def home() -> Response:
    """Find the coming edition, or an earlier one."""

    def render(editions: Sequence[Edition], coming: Edition | None, phase: str) -> str:
        programme = queries.published(coming) if coming else None
        return render_template(
            "pages/home.html",
            coming=coming,
            phase=phase,
            seats=programme_views.kept_seats(coming.id) if coming and phase == "open" else None,
            is_past=bool(coming) and phase == "past",
            takes_pitches=_takes_pitches(coming),
            intro=markdown.parted(coming.intro_html)[0] if coming else "",
            themes=cards.marks(programme) if programme else [],
            others=[edition for edition in editions if edition is not coming],
        )

    return _over_all(render, seats=True)


@bp.get("/archief")
@open_to(everyone)
def archive() -> Response:
    """Look back at earlier editions."""

    def render(editions: Sequence[Edition], coming: Edition | None, _phase: str) -> str:
        past = [edition for edition in editions if rules.is_past(edition, clock.now())]
        ahead = [edition for edition in reversed(editions) if edition not in past]
        return render_template("pages/archive.html", past=past, ahead=ahead, current_section="archief")

    return _over_all(render)


@bp.get("/toegankelijkheid")
@open_to(everyone)
def accessibility() -> Response:
    """Read how accessible this is, and where to report a problem."""
    return _standing("toegankelijkheid", _("Accessibility"))


@bp.get("/privacy")
@open_to(everyone)
def privacy() -> Response:
    """Read what is kept, why, and for how long."""
    return _standing("privacy", _("Privacy"))


def _standing(name: str, title: Any) -> Response:
    """One of our own texts, with the contact of the coming edition in it."""

    def render(_editions: Sequence[Edition], coming: Edition | None, _phase: str) -> str:
        return render_template("pages/text.html", title=title, body=Markup(_text(name, language(), *_contact(coming))))  # noqa: S704 - our own text

    return _over_all(render)


@lru_cache(maxsize=32)
def _text(name: str, spoken: str, phone: str, email: str) -> str:
    words = (_TEXTS / f"{name}.{spoken}.md").read_text()
    return markdown.html(words.format(contact_phone=phone, contact_email=email))


def _contact(edition: Edition | None) -> tuple[str, str]:
    """How to reach the organisers, as Markdown; without a number, where to find one."""
    phone = re.sub(r"[^0-9+ ()/.-]", "", edition.contact_phone) if edition else ""
    digits = re.sub(r"[^0-9+]", "", phone)
    email = (edition.contact_email if edition else "") or links.mailbox()
    called = f"[{phone}](tel:{digits})" if digits else str(_("the number on the page of the edition"))
    return called, f"[{email}](mailto:{email})"


@bp.get("/gezond")
@open_to(everyone)
def health() -> ResponseReturnValue:
    """Know whether the app and its database answer."""
    if page_queries.database_answers():
        return jsonify(status="ok", version=current_app.config["VERSION"])
    response = jsonify(status="database does not answer")
    response.headers["Retry-After"] = "10"
    return response, 503


@bp.get("/metrics")
@open_to(operator)
def metrics() -> Response:
    """Measure the installation."""
    return Response(measurements.text(), content_type=measurements.TYPE)


@bp.get("/robots.txt")
@open_to(everyone)
def robots() -> Response:
    """Know what may be crawled. Calendars stay allowed: Google reads this file before it subscribes."""
    lines = [
        "User-agent: *",
        *(
            f"Disallow: {path}"
            for path in ("/beheer", "/mijn/", "/aanmelden", "/en/beheer", "/en/mijn/", "/en/aanmelden")
        ),
    ]
    lines += ["Allow: /", f"Sitemap: {links.address('pages.sitemap')}", ""]
    return caching.answer((), lambda: Rendered("\n".join(lines).encode(), "text/plain; charset=utf-8", FEED_POLICY))


@bp.get("/sitemap.xml")
@open_to(everyone)
def sitemap() -> Response:
    """Know every public page, in both languages. The made-up edition is left out."""
    editions = [edition for edition in queries.public_editions() if not edition.is_example]
    facts = tuple((edition.uid, edition.public_revision) for edition in editions)
    return caching.answer(facts, lambda: Rendered(_sitemap(editions), "application/xml; charset=utf-8", FEED_POLICY))


def _sitemap(editions: Sequence[Edition]) -> bytes:
    root = xml.Element("urlset", xmlns=_TIMETABLE)
    for endpoint, values in _public_pages(editions):
        for spoken in ("nl", "en"):
            place = xml.SubElement(root, "url")
            xml.SubElement(place, "loc").text = links.address(endpoint, language=spoken, **values)
    xml.indent(root)
    return xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _public_pages(editions: Sequence[Edition]) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = [
        (f"pages.{name}", {}) for name in ("home", "archive", "accessibility", "privacy")
    ]
    for edition in editions:
        here = {"edition": edition.slug}
        found.append(("programme.edition_page", here))
        if edition.has_recap:
            found.append(("recaps.recap_page", here))
        if queries_public.announced(edition):
            found.append(("pitches.overview", here))
        programme = queries.published(edition)
        if programme and programme.points:
            found.append(("programme.programme_list", here))
            found += [
                ("programme.session_page", here | {"session": point.slug})
                for point in programme.points
                if not point.is_break
            ]
        if programme and programme.voices:
            found.append(("programme.speakers", here))
            found += [("programme.speaker_page", here | {"speaker": voice.slug}) for voice in programme.voices]
    return found


@bp.get("/favicon.ico")
@open_to(everyone)
def favicon() -> Response:
    """Show the mark where a program asks for the old address."""
    return send_from_directory(
        current_app.config["STATIC_FOLDER"], "favicon-32.png", mimetype="image/png", max_age=86400
    )
