"""“Bestaat dit al?”: earlier pitches, sessions, projects and media that resemble a few words. Only what everybody may read."""

import threading
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from blender_event.core import links
from blender_event.core.caching import Shelf
from blender_event.core.text import Words, _
from blender_event.pitches import queries_public, queries_works, similar
from blender_event.pitches.models_works import Work
from blender_event.programme import queries as programme
from blender_event.programme.models import Edition

MOST = 5
KINDS: dict[str, Words] = {
    "pitch": _("pitch"),
    "session": _("session"),
    "project": _("project"),
    "media": _("media item"),
}
_shelf = Shelf(most_bytes=64 * 1024 * 1024)
_making = threading.Lock()


@dataclass(frozen=True, slots=True)
class Found:
    """Something that resembles what was typed. `where` is its edition or who made it, `href` may be empty."""

    kind: str  # pitch, session, project or media
    title: str
    about: str
    where: str
    year: int | None
    language: str
    href: str = ""
    pitch_id: int | None = None
    endpoint: str = ""
    place: tuple[tuple[str, str], ...] = ()

    @property
    def note(self) -> str:
        """What kind of thing it is, of whom, from when."""
        year = str(self.year) if self.year and str(self.year) not in self.where else ""
        return ", ".join(words for words in (str(KINDS[self.kind]), self.where, year) if words)


@dataclass(frozen=True, slots=True)
class _Library:
    """Everything there is, with its index."""

    items: tuple[Found, ...]
    known: similar.Index


def found(words: str, *, beside: int | None = None, language: str = "nl", most: int = MOST) -> list[Found]:
    """What resembles the words, best first; the pitch with id `beside` is left out. Three statements, whatever there is."""
    if not similar.words_of(words):
        return []
    library = _library()
    ranked = [
        one for one in similar.alike(library.known, words) if beside is None or library.items[one[0]].pitch_id != beside
    ]
    return [_with_address(library.items[place], language) for place in similar.best(ranked, most)]


def _with_address(item: Found, language: str) -> Found:
    """An item with its address in the reader's language."""
    if not item.endpoint:
        return item
    href = links.path(item.endpoint, language=language, **dict(item.place))
    return Found(item.kind, item.title, item.about, item.where, item.year, item.language, href, item.pitch_id)


def _library() -> _Library:
    """The items and their index, made again only when one of them changed."""
    editions = programme.public_editions()
    key: tuple[Hashable, ...] = (
        tuple((edition.uid, edition.public_revision) for edition in editions),
        queries_public.stamp_of_everywhere(),
        queries_works.stamp(),
    )
    kept: _Library | None = _shelf.find(key)
    if kept is not None:
        return kept
    with _making:
        kept = _shelf.find(key)
        if kept is None:
            kept = _made(list(editions))
            _shelf.keep(key, kept, 20_000 + 3000 * len(kept.items))
    return kept


def _made(editions: list[Edition]) -> _Library:
    pairs = [*_pitches(), *(pair for edition in editions for pair in _sessions(edition)), *_works()]
    documents = [document for _item, document in pairs]
    return _Library(tuple(item for item, _document in pairs), similar.index(documents))


def _pitches() -> Iterator[tuple[Found, similar.Document]]:
    for row in queries_public.everywhere():
        card = queries_public.slug_of(row.title, row.code)
        about = row.summary or row.what
        place = (("edition", row.edition_slug), ("pitch", card))
        item = Found(
            "pitch", row.title, _short(about), row.edition_title, row.starts_on.year, row.language,
            pitch_id=row.id, endpoint="pitches.one", place=place,
        )  # fmt: skip
        yield item, similar.Document(row.title, f"{about} {row.what} {row.search_text}")


def _sessions(edition: Edition) -> Iterator[tuple[Found, similar.Document]]:
    """The sessions of what was published, breaks and cancelled ones left out."""
    published = programme.published(edition)
    for point in published.points if published else ():
        if point.is_break or point.is_cancelled:
            continue
        place = (("edition", edition.slug), ("session", point.slug))
        item = Found(
            "session", point.title, _short(point.abstract or point.description), edition.title, edition.starts_on.year,
            point.language, endpoint="programme.session_page", place=place,
        )  # fmt: skip
        yield item, similar.Document(point.title, f"{point.abstract} {point.description}")


def _works() -> Iterator[tuple[Found, similar.Document]]:
    for work in queries_works.every():
        item = Found(
            work.kind, work.name, _short(work.description or work.subject), _maker(work), work.year, "nl", href=work.url
        )
        yield item, similar.Document(work.name, work.search_text)


def _maker(work: Work) -> str:
    return ", ".join(words for words in (work.medium, work.people, work.organisation) if words)


def _short(words: str, most: int = 30) -> str:
    """The first words, for a list."""
    split = words.split()
    return " ".join(split[:most]) + ("…" if len(split) > most else "")
