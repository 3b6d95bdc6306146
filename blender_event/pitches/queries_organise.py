"""What organisers ask of pitches: the table, one pitch's place in it, its story, and rows to take along."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from blender_event.audit.models import AuditEntry
from blender_event.core.database import db
from blender_event.core.text import folded
from blender_event.people.models import Person
from blender_event.pitches import rules, rules_judging
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.pitches.models_judging import Assignment, Judge, Review
from blender_event.pitches.queries_judging import is_author
from blender_event.programme.models import Edition, Session, SessionSpeaker, Speaker

PAGE_SIZE = 50
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pitches the table shows. An empty word asks nothing; a state is one of `VIEWS`."""

    search: str = ""
    state: str = ""
    call: str = ""
    theme: str = ""
    kind: str = ""
    judging: str = ""
    sort: str = "date"
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the table, where in it they stand, and how many pitches each view has in the chosen call."""

    rows: Sequence[Any]
    number: int
    pages: int
    total: int
    counts: dict[str, int] = field(default_factory=dict)


VIEWS: dict[str, ColumnElement[bool]] = {
    "": Pitch.status != "draft",
    "undecided": and_(Pitch.status == "submitted", Pitch.pending.is_(None)),
    "pending": Pitch.pending.is_not(None),
    "chosen": Pitch.status.in_(rules.CHOSEN),
    "waitlisted": Pitch.status == "waitlisted",
    "declined": Pitch.status == "declined",
    "gone": Pitch.status.in_(("withdrawn", "cancelled")),
    "draft": Pitch.status == "draft",
}
_POINTS = case(
    *((Review.advice == advice, points) for advice, points in rules_judging.POINTS.items()),
    else_=None,
)


def _opinions(what: Any) -> ColumnElement[Any]:
    """A number over the opinions about the pitch of the outer query; -1 when there is none, so that both databases sort alike."""
    return func.coalesce(select(what).where(Review.pitch_id == Pitch.id).correlate(Pitch).scalar_subquery(), -1)


_SORTS: dict[str, tuple[Any, ...]] = {
    "title": (func.lower(Pitch.title), Pitch.id),
    "date": (func.coalesce(Pitch.submitted_at, Pitch.created_at), Pitch.id),
    "advice": (_opinions(func.avg(_POINTS)), Pitch.id),
    "spread": (_opinions(func.max(_POINTS) - func.min(_POINTS)), Pitch.id),
}
SORTS = tuple(_SORTS)
_HAS_OPINION = (
    select(Review.id).where(Review.pitch_id == Pitch.id, Review.advice.in_(rules_judging.POINTS)).correlate(Pitch)
)
_IS_ASKED = select(Assignment.id).where(Assignment.pitch_id == Pitch.id).correlate(Pitch)
_STILL_ASKED = _IS_ASKED.where(
    ~select(Review.id)
    .where(Review.pitch_id == Assignment.pitch_id, Review.person_id == Assignment.person_id)
    .correlate(Assignment)
    .exists()
)
_WHOLE_JURY = (  # where everyone judges, nobody is asked one by one
    select(Judge.id)
    .join(Call, Call.id == Judge.call_id)
    .where(Judge.call_id == Pitch.call_id, Call.judged_by == "everyone", ~is_author(Judge.person_id))
    .correlate(Pitch)
)
_JURY_STILL_ASKED = _WHOLE_JURY.where(
    ~select(Review.id)
    .where(Review.pitch_id == Pitch.id, Review.person_id == Judge.person_id)
    .correlate(Pitch, Judge)
    .exists()
)
_WAITS = or_(_STILL_ASKED.exists(), _JURY_STILL_ASKED.exists())
JUDGING: dict[str, ColumnElement[bool]] = {
    "none": ~_HAS_OPINION.exists(),
    "waits": _WAITS,
    "unasked": and_(~_IS_ASKED.exists(), ~_WHOLE_JURY.exists()),
    "done": and_(_HAS_OPINION.exists(), ~_WAITS),
}


def pitches(edition: Edition, wanted: Wanted, page: int) -> Page:
    """One page of the table; what came of judging is asked apart (`queries_judging.judged`)."""
    conditions = _conditions(edition, wanted)
    total = db.session.scalar(select(func.count()).select_from(Pitch).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(1, page), pages)
    asked = (
        select(
            Pitch.id, Pitch.title, Pitch.kind, Pitch.status, Pitch.pending, Pitch.themes, Pitch.format_slug,
            Pitch.language, Pitch.submitted_at, Pitch.session_id, Pitch.call_id, Author.name, Author.organisation,
        )
        .outerjoin(Author, and_(Author.pitch_id == Pitch.id, Author.role == "first"))
        .where(*conditions)
        .order_by(*_ordered(wanted))
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )  # fmt: skip
    return Page(db.session.execute(asked).all(), number, pages, total, counts(edition, wanted.call))


def counts(edition: Edition, call: str = "") -> dict[str, int]:
    """How many pitches each view has, in one statement."""
    asked = select(*(func.count(case((condition, 1))) for condition in VIEWS.values())).where(*_of(edition, call))
    return dict(zip(VIEWS, db.session.execute(asked).one(), strict=True))


def ids(edition: Edition, wanted: Wanted) -> Sequence[int]:
    """The whole table in its order, as ids: for the way to the next and the one before."""
    asked = select(Pitch.id).where(*_conditions(edition, wanted)).order_by(*_ordered(wanted))
    return db.session.scalars(asked).all()


def _ordered(wanted: Wanted) -> list[ColumnElement[Any]]:
    columns = _SORTS.get(wanted.sort, _SORTS["date"])
    return [column.desc() if wanted.descending else column.asc() for column in columns]


def _of(edition: Edition, call: str) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Pitch.edition_id == edition.id]
    return [*found, Pitch.call_id == int(call)] if call else found


def _conditions(edition: Edition, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = [*_of(edition, wanted.call), VIEWS[wanted.state]]
    if wanted.theme:
        found.append(cast(Pitch.themes, String).like(f'%"{_literal(wanted.theme)}"%', escape="\\"))
    if wanted.kind:
        found.append(Pitch.kind == wanted.kind)
    if wanted.judging:
        found.append(JUDGING[wanted.judging])
    words = folded(wanted.search).split()[:MOST_WORDS]
    names = _names(edition) if words else {}
    for word in words:
        by_name = [number for number, known in names.items() if word in known]
        found.append(or_(Pitch.search_text.like(f"%{_literal(word)}%", escape="\\"), Pitch.id.in_(by_name)))
    return found


def _literal(word: str) -> str:
    """What databases read as a wildcard is a letter here."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _names(edition: Edition) -> dict[int, str]:
    """By pitch: its title and who sent it in, folded. Names are in no column that reviewers search."""
    asked = (
        select(Pitch.id, Pitch.title, Author.name, Author.organisation, Author.email)
        .outerjoin(Author, Author.pitch_id == Pitch.id)
        .where(Pitch.edition_id == edition.id)
    )
    found: dict[int, str] = {}
    for number, *words in db.session.execute(asked):
        found[number] = f"{found.get(number, '')} {folded(' '.join(word or '' for word in words))}"
    return found


def balance(edition: Edition, call: str = "") -> Sequence[Any]:
    """(status, pending, group, sectors, themes) of everything that was sent in: what `balance` counts."""
    asked = select(Pitch.status, Pitch.pending, Pitch.group, Pitch.sectors, Pitch.themes)
    return db.session.execute(asked.where(*_of(edition, call), VIEWS[""])).all()


def whole(edition: Edition, number: int) -> Pitch | None:
    """A pitch of this edition with its call, authors, files and session."""
    asked = (
        select(Pitch)
        .where(Pitch.edition_id == edition.id, Pitch.id == number)
        .options(
            joinedload(Pitch.call), joinedload(Pitch.session), selectinload(Pitch.authors), selectinload(Pitch.files)
        )
    )
    return db.session.scalars(asked).unique().one_or_none()


def some(edition: Edition, numbers: Sequence[int]) -> Sequence[Pitch]:
    """These pitches of the edition, with their authors, in order of id."""
    asked = select(Pitch).where(Pitch.edition_id == edition.id, Pitch.id.in_(numbers)).order_by(Pitch.id)
    return db.session.scalars(asked.options(joinedload(Pitch.call), selectinload(Pitch.authors))).all()


def pending(edition: Edition) -> Sequence[Pitch]:
    """What was decided and not told, by title, with the authors."""
    asked = select(Pitch).where(Pitch.edition_id == edition.id, VIEWS["pending"])
    asked = asked.order_by(func.lower(Pitch.title), Pitch.id).execution_options(populate_existing=True)
    return db.session.scalars(asked.options(joinedload(Pitch.call), selectinload(Pitch.authors))).all()


def story(pitch: Pitch) -> Sequence[Any]:
    """Everything that was done to a pitch, the latest first, with the name of who did it."""
    asked = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.by_id)
        .where(AuditEntry.kind == "pitches", AuditEntry.row_id == pitch.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    return db.session.execute(asked).all()


def to_take_along(edition: Edition, wanted: Wanted) -> Iterator[Pitch]:
    """Every pitch of the filtered table with its authors, a few hundred at a time."""
    numbers = ids(edition, wanted)
    for start in range(0, len(numbers), 200):
        part = numbers[start : start + 200]
        rows = {pitch.id: pitch for pitch in some(edition, part)}
        yield from (rows[number] for number in part if number in rows)


def spoken_by(speaker: Speaker, status: str) -> Sequence[Pitch]:
    """The pitches in this state whose session this speaker is in and that they sent in themselves."""
    inside = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
    same = Author.person_id == speaker.person_id if speaker.person_id is not None else Author.name == speaker.name
    theirs = select(Author.pitch_id).where(Author.status == "accepted", Author.speaks.is_(True), same)
    asked = select(Pitch).where(Pitch.status == status, Pitch.session_id.in_(inside), Pitch.id.in_(theirs))
    return db.session.scalars(asked.order_by(Pitch.id)).all()


def left_behind(edition: Edition) -> Sequence[Any]:
    """(session uid, pitch title, status) of sessions that still stand while their pitch was withdrawn or cancelled."""
    asked = (
        select(Session.uid, Pitch.title, Pitch.status)
        .join(Session, Session.id == Pitch.session_id)
        .where(Pitch.edition_id == edition.id, VIEWS["gone"], Session.status == "planned")
        .order_by(Pitch.id)
    )
    return db.session.execute(asked).all()
