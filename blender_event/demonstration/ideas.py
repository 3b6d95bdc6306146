"""What was sent in for a demonstration edition: calls, pitches in every state, judgements, slides; once, and without letters."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy import select

from blender_event.core import clock, text
from blender_event.core.database import db
from blender_event.demonstration import files
from blender_event.people import queries as people
from blender_event.people.models import Person, Role
from blender_event.pitches import actions_accepting, actions_calls
from blender_event.pitches.models import Author, Call, Interest, Pitch, PitchFile
from blender_event.pitches.models_judging import Assignment, Judge, Remark, Review
from blender_event.programme import actions_materials
from blender_event.programme.models import Edition, Session, Speaker
from blender_event.programme.models_materials import SpeakerNeeds
from blender_event.programme.rules_materials import Limits

EDITION = "voorbeeld"
FILE = Path(__file__).parent / EDITION / "pitches.yaml"
TOLD = ("accepted", "confirmed", "waitlisted", "declined", "cancelled")
TICKS = {"accessible": "is_accessible", "inclusive": "is_inclusive", "private": "is_private"}
TEXTS = "title kind summary what for_whom result partners why vision_for_whom around_what stage group inclusion_access".split()
TEXTS += "inclusion_support inclusion_learning accessibility privacy client_part format_slug practical ai_help".split()
LISTS = ("intents", "subjects", "help_forms", "themes", "technology", "sectors")
Row = dict[str, Any]


class Loader:
    """Puts the file into an edition whose sessions are known by their key."""

    def __init__(self, edition: Edition, titles: dict[str, str]) -> None:
        self.edition = edition
        self.titles = titles
        self.calls: dict[str, Call] = {}

    def load(self, data: Row) -> None:
        for name, day in data["deadlines"].items():
            setattr(self.edition, name, date.fromisoformat(day))
        for row in data["calls"]:
            self._call(row)
        for row in data["judges"]:
            self._judge(row)
        for row in data["pitches"]:
            self._pitch(row)
        for row in data["materials"]:
            self._material(row)
        for row in data["needs"]:
            self._needs(row)
        self._ask_the_jury()

    def _call(self, row: Row) -> None:
        plain = {name: row[name] for name in ("title", "intro", "kinds", "is_blind", "judged_by", "criteria")}
        moments = {name: self._moment(row[name]) for name in ("opens_at", "closes_at", "judging_closes_at")}
        call = actions_calls.make_call(self.edition, words=plain | moments, by=None)
        call.pitches_public_at = clock.now()
        self.calls[row["key"]] = call

    def _judge(self, row: Row) -> None:
        person, call = person_called(row["name"]), self.calls[row["call"]]
        if not any(role.edition_id == self.edition.id for role in person.roles):
            person.roles.append(Role(kind="reviewer", edition_id=self.edition.id, created_at=clock.now()))
        db.session.add(
            Judge(
                edition_id=self.edition.id, call=call, person=person, themes=row["themes"], invited_at=call.created_at
            )
        )

    def _pitch(self, row: Row) -> None:
        sent = self._past(row["at"])
        told = row["status"] in TOLD
        decided = told or "pending" in row
        pitch = Pitch(
            edition=self.edition,
            call=self.calls[row["call"]],
            status=row["status"],
            pending=row.get("pending"),
            decision_note=row.get("decision_note", ""),
            **{name: row.get(name, "") for name in TEXTS},
            **{name: row.get(name, []) for name in LISTS},
            most_participants=row.get("most_participants"),
            may_record=row.get("may_record", False),
            agreed_public=row.get("agreed_public", False),
            search_text=text.folded(" ".join(row.get(name, "") for name in TEXTS)),
            created_at=sent - timedelta(minutes=40),
            changed_at=sent,
            submitted_at=sent if row["status"] != "draft" else None,
            decided_at=clock.now() if decided else None,
            told_at=clock.now() if told else None,
        )
        pitch.authors = [_author(author, sent) for author in row["authors"]]
        db.session.add(pitch)
        db.session.flush()
        for name in row.get("files", []):
            _attach(pitch, name)
        self._judged(pitch, row)
        self._made_a_session(pitch, row)

    def _judged(self, pitch: Pitch, row: Row) -> None:
        keys = [criterion["key"] for criterion in pitch.call.criteria]
        for one in row.get("reviews", []):
            db.session.add(_review(pitch, one, keys))
            db.session.add(_assignment(pitch, one["by"], "everyone" if row["call"] == "infomarkt" else "theme"))
        for one in row.get("remarks", []):
            author = person_called(one["by"])
            db.session.add(Remark(pitch_id=pitch.id, person=author, words=one["words"], said_at=clock.now()))
        for one in row.get("interests", []):
            db.session.add(_interest(pitch, one))

    def _made_a_session(self, pitch: Pitch, row: Row) -> None:
        """A chosen pitch is the origin of a session of the day, or becomes a new one that still has no time."""
        if "session" in row:
            pitch.session = self._session(row["session"])
            voices = {part.speaker.name: part.speaker.person for part in pitch.session.people}
            for author in pitch.authors:
                author.person = voices.get(author.name)
        elif row["status"] == "accepted":
            actions_accepting.become_session(pitch, by=None, now=clock.now())

    def _session(self, key: str) -> Session:
        asked = select(Session).where(Session.edition_id == self.edition.id, Session.title == self.titles[key])
        return db.session.scalars(asked).one()

    def _ask_the_jury(self) -> None:
        """Somebody is asked about each pitch that nobody judged yet."""
        db.session.flush()
        judged = select(Assignment.pitch_id)
        waiting = select(Pitch).where(
            Pitch.edition_id == self.edition.id, Pitch.status == "submitted", Pitch.id.not_in(judged)
        )
        for pitch in db.session.scalars(waiting.order_by(Pitch.id)).all():
            db.session.add(_assignment(pitch, "Marga Klompé", "evenly"))

    def _material(self, row: Row) -> None:
        session, now = self._session(row["session"]), clock.now()
        speaker = session.people[0].speaker.person or person_called(session.people[0].speaker.name)
        plain = ("title", "publish", "licence", "accessible", "url")
        words = {name: row[name] for name in plain if name in row} | {"language": "nl"}
        if "versions" not in row:
            actions_materials.add_link(session, self.edition, kind=row["kind"], words=words, by=speaker, now=now)
            return
        limits = Limits(files=5, edition_bytes=10**9)
        first, *later = [files.slides(pages, row["title"]) for pages in row["versions"]]
        material = actions_materials.add_file(
            session, self.edition, kind=row["kind"], words=words, stored=first, limits=limits, by=speaker, now=now
        )
        for stored in later:
            actions_materials.replace(material, self.edition, stored=stored, limits=limits, by=speaker, now=now)

    def _needs(self, row: Row) -> None:
        name = row["speaker"].replace("-", " ")
        here = select(Speaker).where(Speaker.edition_id == self.edition.id)
        speaker = next(one for one in db.session.scalars(here) if text.folded(one.name) == name)
        speaker.equipment, speaker.availability = row["equipment"], row["availability"]
        needs = {"words": row["words"], "consent_at": clock.now()}
        db.session.add(SpeakerNeeds(edition_id=self.edition.id, speaker_id=speaker.id, **needs))

    def _moment(self, words: str) -> datetime:
        return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(self.edition.zone))

    def _past(self, words: str) -> datetime:
        return min(self._moment(words), clock.now())


def load(edition: Edition, titles: dict[str, str]) -> bool:
    """Load what was sent in, unless the edition has a call already. `titles`: those of its sessions, by key."""
    if db.session.scalars(select(Call.id).where(Call.edition_id == edition.id)).first() is not None:
        return False
    Loader(edition, titles).load(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return True


def person_called(name: str) -> Person:
    return people.person_for(address_of(name), name=name, language="nl")


def address_of(name: str) -> str:
    return f"{text.slug(name).replace('-', '.')}@example.org"


def _author(row: Row, sent: datetime) -> Author:
    email, status = address_of(row["name"]), row.get("status", "accepted")
    answered = sent if status == "accepted" else None
    return Author(
        role=row.get("role", "first"),
        status=status,
        name=row["name"],
        job_title=row.get("job_title", ""),
        organisation=row["organisation"],
        email=email,
        email_key=text.email_key(email),
        invited_at=sent if row.get("role") == "co" else None,
        accepted_at=answered,
        verified_at=answered,
    )


def _attach(pitch: Pitch, name: str) -> None:
    stored = files.document(name)
    db.session.add(
        PitchFile(
            pitch_id=pitch.id,
            storage_key=stored.key,
            name=stored.name,
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            scanned=stored.scanned,
            uploaded_at=pitch.changed_at,
        )
    )


def _review(pitch: Pitch, row: Row, keys: list[str]) -> Review:
    now = clock.now()
    return Review(
        pitch_id=pitch.id,
        person=person_called(row["by"]),
        advice=row["advice"],
        strengths=row["strengths"],
        attention=row["attention"],
        **{field: tick in row["ticks"] for tick, field in TICKS.items()},
        scores=dict(zip(keys, row["scores"], strict=False)),
        written_at=now,
        changed_at=now,
    )


def _assignment(pitch: Pitch, name: str, made_by: str) -> Assignment:
    return Assignment(pitch_id=pitch.id, person=person_called(name), made_by=made_by, assigned_at=clock.now())


def _interest(pitch: Pitch, row: Row) -> Interest:
    email, now = address_of(row["name"]), clock.now()
    return Interest(
        edition_id=pitch.edition_id,
        pitch_id=pitch.id,
        name=row["name"],
        organisation=row["organisation"],
        email=email,
        email_key=text.email_key(email),
        words=row["words"],
        consent_at=now,
        created_at=now,
    )
