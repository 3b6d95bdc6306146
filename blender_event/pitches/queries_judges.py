"""The jury of a call, for organisers: who judges, how much is theirs, what nobody has, and what sharing must know."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from blender_event.core.database import db
from blender_event.people import rules as people_rules
from blender_event.people.models import Address, Person
from blender_event.pitches import rules_judging as rules
from blender_event.pitches.models import Author, Call, Pitch
from blender_event.pitches.models_judging import Assignment, Judge, Review
from blender_event.pitches.queries_judging import is_author
from blender_event.pitches.shares import Juror, Work
from blender_event.programme.models import Edition, Speaker

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge with their load: pitches given, reviews written, and how many of the given ones wait for a review."""

    judge: Judge
    given: int
    done: int
    open: int

    @property
    def person(self) -> Person:
        return self.judge.person

    @property
    def enters(self) -> bool:
        """Whether they still have access; somebody may have taken it away."""
        return people_rules.may_review(self.person.roles, self.judge.edition_id)

    @property
    def organises(self) -> bool:
        """Organisers' pages show names, also those of a blind call."""
        return people_rules.may_organise(self.person.roles, self.judge.edition_id)


def call_of(edition: Edition, number: int) -> Call | None:
    asked = select(Call).where(Call.edition_id == edition.id, Call.id == number)
    return db.session.scalars(asked.options(joinedload(Call.edition))).one_or_none()


def judge_of(call: Call, number: int) -> Judge | None:
    """A judge of exactly this call."""
    asked = select(Judge).where(Judge.call_id == call.id, Judge.id == number)
    return db.session.scalars(asked.options(joinedload(Judge.person).selectinload(Person.roles))).one_or_none()


def judge_named(call: Call, person: Person) -> Judge | None:
    return db.session.scalars(select(Judge).where(Judge.call_id == call.id, Judge.person_id == person.id)).one_or_none()


def seats_elsewhere(judge: Judge) -> int:
    """How many other calls of the edition this person judges."""
    asked = select(func.count(Judge.id)).where(
        Judge.person_id == judge.person_id, Judge.edition_id == judge.edition_id, Judge.id != judge.id
    )
    return db.session.scalar(asked) or 0


def seats(call: Call) -> list[Seat]:
    """The jury with its load, by name, in a constant number of statements."""
    asked = select(Judge).where(Judge.call_id == call.id).join(Judge.person).order_by(func.lower(Person.name), Judge.id)
    whole = joinedload(Judge.person)
    judges = db.session.scalars(
        asked.options(whole.selectinload(Person.roles), whole.selectinload(Person.addresses), joinedload(Judge.call))
    ).all()
    given, written, waits = _given(call), _written(call), _waiting(call)
    return [
        Seat(one, given.get(one.person_id, 0), written.get(one.person_id, 0), waits.get(one.person_id, 0))
        for one in judges
    ]


def _given(call: Call) -> dict[int, int]:
    """How many pitches each judge has: those given to them, or every pitch but their own."""
    return _counted(call, rules.SEEN, unwritten=False)


def _waiting(call: Call) -> dict[int, int]:
    """How many pitches wait for each judge's review."""
    return _counted(call, ("submitted",), unwritten=True)


def _counted(call: Call, statuses: Sequence[str], *, unwritten: bool) -> dict[int, int]:
    asked = select(Judge.person_id, func.count(Pitch.id)).join(Pitch, Pitch.call_id == Judge.call_id)
    if call.judged_by != "everyone":
        asked = asked.join(Assignment, (Assignment.pitch_id == Pitch.id) & (Assignment.person_id == Judge.person_id))
    asked = asked.where(Judge.call_id == call.id, Pitch.status.in_(statuses), ~is_author(Judge.person_id))
    if unwritten:
        theirs = exists().where(Review.pitch_id == Pitch.id, Review.person_id == Judge.person_id)
        asked = asked.where(~theirs)
    return {row[0]: row[1] for row in db.session.execute(asked.group_by(Judge.person_id))}


def _written(call: Call) -> dict[int, int]:
    asked = select(Review.person_id, func.count(Review.id)).join(Pitch, Pitch.id == Review.pitch_id)
    asked = asked.where(Pitch.call_id == call.id, Pitch.status.in_(rules.SEEN))
    return {row[0]: row[1] for row in db.session.execute(asked.group_by(Review.person_id))}


def to_judge(call: Call) -> int:
    """How many pitches of the call wait for a decision, and so for reviews."""
    asked = select(func.count(Pitch.id)).where(Pitch.call_id == call.id, Pitch.status == "submitted")
    return db.session.scalar(asked) or 0


def given_to_nobody(call: Call) -> int:
    """How many of them no present judge of the call has, or only some who said it is not for them."""
    back = exists().where(
        Review.pitch_id == Assignment.pitch_id, Review.person_id == Assignment.person_id, Review.advice == "not_mine"
    )
    taken = (
        exists()
        .where(Assignment.pitch_id == Pitch.id, Judge.person_id == Assignment.person_id, Judge.call_id == call.id)
        .where(~back.correlate(Assignment))
        .correlate(Pitch)
    )
    asked = select(func.count(Pitch.id)).where(Pitch.call_id == call.id, Pitch.status == "submitted", ~taken)
    return db.session.scalar(asked) or 0


def works(call: Call) -> list[Work]:
    """The pitches to judge, as sharing sees them: with the present judges each has, and whoever wrote about it."""
    held: dict[int, set[int]] = defaultdict(set)
    back: dict[int, set[int]] = defaultdict(set)
    jury = select(Judge.person_id).where(Judge.call_id == call.id)
    taken = select(Assignment.pitch_id, Assignment.person_id).join(Pitch, Pitch.id == Assignment.pitch_id)
    for row in db.session.execute(taken.where(Pitch.call_id == call.id, Assignment.person_id.in_(jury))):
        held[row.pitch_id].add(row.person_id)
    wrote = select(Review.pitch_id, Review.person_id, Review.advice).join(Pitch, Pitch.id == Review.pitch_id)
    for pitch, person, advice in db.session.execute(wrote.where(Pitch.call_id == call.id)):
        (back if advice == "not_mine" else held)[pitch].add(person)
    asked = select(Pitch.id, Pitch.themes).where(Pitch.call_id == call.id, Pitch.status == "submitted")
    return [
        Work(row.id, frozenset(row.themes), frozenset(held[row.id] - back[row.id]), frozenset(back[row.id]))
        for row in db.session.execute(asked.order_by(Pitch.id))
    ]


def jurors(call: Call, found: Sequence[Seat]) -> list[Juror]:
    """The judges as sharing sees them: their themes, their own pitches, and those of where they work."""
    people = [one.judge.person_id for one in found]
    keys, places = _traces(people)
    own: dict[int, set[int]] = defaultdict(set)
    near: dict[int, set[int]] = defaultdict(set)
    asked = select(Author.pitch_id, Author.person_id, Author.email_key, Author.organisation)
    for author in db.session.execute(asked.join(Pitch, Pitch.id == Author.pitch_id).where(Pitch.call_id == call.id)):
        here = rules.workplaces([author.email_key], [author.organisation])
        for person in people:
            if author.person_id == person or (author.email_key and author.email_key in keys[person]):
                own[person].add(author.pitch_id)
            elif here & places[person]:
                near[person].add(author.pitch_id)
    return [
        Juror(
            one.judge.person_id,
            frozenset(one.judge.themes),
            frozenset(own[one.judge.person_id]),
            frozenset(near[one.judge.person_id]),
        )
        for one in found
    ]


def _traces(people: Sequence[int]) -> tuple[dict[int, set[str]], dict[int, set[str]]]:
    """The addresses of each judge, and what tells where they work: domains, and organisations they gave as speaker or author."""
    keys: dict[int, set[str]] = defaultdict(set)
    for row in db.session.execute(select(Address.person_id, Address.email_key).where(Address.person_id.in_(people))):
        keys[row.person_id].add(row.email_key)
    names: dict[int, set[str]] = defaultdict(set)
    spoke = select(Speaker.person_id, Speaker.organisation).where(Speaker.person_id.in_(people))
    sent = (
        select(Address.person_id, Author.organisation)
        .join(Author, or_(Author.email_key == Address.email_key, Author.person_id == Address.person_id))
        .where(Address.person_id.in_(people))
    )
    for row in [*db.session.execute(spoke), *db.session.execute(sent)]:
        names[row.person_id].add(row.organisation)
    return keys, defaultdict(set, {person: rules.workplaces(keys[person], names[person]) for person in people})


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the table of pitches and judges: what each pitch has, and who wrote already."""

    rows: list[tuple[int, str]]  # (id, title)
    held: set[tuple[int, int]]  # (pitch, person)
    written: set[tuple[int, int]]
    number: int
    pages: int


def sheet(call: Call, number: int) -> Sheet:
    """A page of the pitches to judge, in the order they came in."""
    pages = max(-(-to_judge(call) // PAGE_SIZE), 1)
    number = min(max(number, 1), pages)
    asked = select(Pitch.id, Pitch.title).where(Pitch.call_id == call.id, Pitch.status == "submitted")
    asked = asked.order_by(Pitch.submitted_at, Pitch.id).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    rows = [(row.id, row.title) for row in db.session.execute(asked)]
    ids = [pitch for pitch, _title in rows]
    held = select(Assignment.pitch_id, Assignment.person_id).where(Assignment.pitch_id.in_(ids))
    written = select(Review.pitch_id, Review.person_id).where(Review.pitch_id.in_(ids))
    return Sheet(
        rows,
        {(row[0], row[1]) for row in db.session.execute(held)},
        {(row[0], row[1]) for row in db.session.execute(written)},
        number,
        pages,
    )


def titles(pitch_ids: Sequence[int]) -> dict[int, str]:
    """What each of these pitches is called."""
    rows = db.session.execute(select(Pitch.id, Pitch.title).where(Pitch.id.in_(pitch_ids)))
    return {row.id: row.title for row in rows}


def assignments(call: Call, pairs: Sequence[tuple[int, int]]) -> list[Assignment]:
    """The rows of these (pitch, person) pairs that are there."""
    wanted = set(pairs)
    asked = select(Assignment).join(Pitch, Pitch.id == Assignment.pitch_id).where(Pitch.call_id == call.id)
    rows = db.session.scalars(asked.where(Assignment.pitch_id.in_({pitch for pitch, _person in wanted})))
    return [row for row in rows if (row.pitch_id, row.person_id) in wanted]


def open_assignments(judge: Judge) -> Sequence[Assignment]:
    """What was given to a judge of this call and has no review by them."""
    return open_assignments_of(judge.call, judge.person_id)


def open_assignments_of(call: Call, person_id: int) -> Sequence[Assignment]:
    asked = select(Assignment).join(Pitch, Pitch.id == Assignment.pitch_id)
    wrote = exists().where(Review.pitch_id == Pitch.id, Review.person_id == person_id)
    asked = asked.where(Pitch.call_id == call.id, Assignment.person_id == person_id, ~wrote)
    return db.session.scalars(asked).all()
