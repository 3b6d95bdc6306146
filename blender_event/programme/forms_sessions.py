"""What organisers type about sessions and speakers: labels, hints and format."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, IntegerField, SelectField, TimeField
from wtforms.validators import NumberRange, Optional

from blender_event.core.forms import BlenderForm, KeyedForm, Line, Lines, needed
from blender_event.core.text import _
from blender_event.people.forms import looks_like_an_address
from blender_event.programme.models import Edition, Format, Room, Session, Speaker, Track

LANGUAGES = (("nl", _("Dutch")), ("en", _("English")), ("fr", _("French")))
LEVELS = (("", _("Not said")), ("starter", _("Starter")), ("advanced", _("Advanced")), ("everyone", _("Everyone")))
PARTS = (("speaker", _("Speaker")), ("host", _("Host of the day")), ("moderator", _("Moderator")))
EMPTY_ROWS = 2


def number_or_none(value: Any) -> int | None:
    """The id a select posted, or None for its empty choice."""
    return int(value) if value not in (None, "", "None") else None


def lines(text: str | None) -> list[str]:
    """One entry per line that is not empty."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class SlotFields:
    """Where and when, as fields of a form; local time in the edition's zone."""

    room = SelectField(_("Room"), validate_choice=True)
    day = SelectField(_("Day"))
    starts = TimeField(_("Starts at"), validators=[Optional()])
    ends = TimeField(
        _("Ends at"), validators=[Optional()], description=_("Earlier than the start means after midnight.")
    )

    def offer_slots(self, edition: Edition, rooms: Sequence[Room]) -> None:
        """Fill the choices: the edition's rooms and days."""
        self.room.choices = [("", _("No room yet")), *((str(room.id), _room_words(room)) for room in rooms)]
        count = (edition.ends_on - edition.starts_on).days + 1
        days = [edition.starts_on + timedelta(days=n) for n in range(max(1, count))]
        self.day.choices = [(day.isoformat(), day.strftime("%d/%m/%Y")) for day in days]

    def show_slot(self, session: Session, edition: Edition) -> None:
        """Show where and when a session stands now."""
        zone = ZoneInfo(edition.zone)
        self.room.data = str(session.room_id or "")
        if session.starts_at and session.ends_at:
            local = session.starts_at.astimezone(zone)
            self.day.data, self.starts.data = local.date().isoformat(), local.time()
            self.ends.data = session.ends_at.astimezone(zone).time()

    def times(self, edition: Edition) -> tuple[datetime | None, datetime | None]:
        """Start and end, aware in UTC; an end before the start falls after midnight. Half a slot stays half."""
        zone = ZoneInfo(edition.zone)
        day = date.fromisoformat(self.day.data) if self.day.data else edition.starts_on
        starts, ends = _moment(day, self.starts.data, zone), _moment(day, self.ends.data, zone)
        if starts and ends and ends < starts:
            ends = _moment(day + timedelta(days=1), self.ends.data, zone)
        return starts, ends

    def chosen_room(self, rooms: Sequence[Room]) -> Room | None:
        number = number_or_none(self.room.data)
        return next((room for room in rooms if room.id == number), None)


def _moment(day: date, hour: time | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, hour, zone).astimezone(UTC) if hour else None


def _room_words(room: Room) -> str:
    return f"{room.name} ({room.capacity})" if room.capacity else room.name


class PartForm(Form):
    """One person in a session."""

    speaker = SelectField(_("Who"))
    role = SelectField(_("As"), choices=PARTS)


class MoveForm(SlotFields, BlenderForm):
    """Another room or time for one session."""

    seen = HiddenField()


class SessionForm(SlotFields, KeyedForm):
    """Everything about a session."""

    title = Line(_("Title"), description=_("Leave empty when the contribution has no title of its own."))
    subject = Line(_("Subject"), longest=300, description=_("Shown in place of a title that is not known."))
    format = SelectField(_("Format"))
    track = SelectField(_("Theme"))
    language = SelectField(_("Language"), choices=LANGUAGES)
    level = SelectField(_("Level"), choices=LEVELS)
    is_onsite = BooleanField(_("On site"))
    is_online = BooleanField(_("Online"))
    capacity = IntegerField(
        _("Places"), validators=[Optional(), NumberRange(0, 100_000, _("Give a number from 0 to 100,000."))]
    )
    join_url = Line(_("Link to join online"), longest=500, description=_("Only people who take part online see it."))
    abstract = Lines(_("In one or two sentences"), longest=600)
    description = Lines(
        _("Description"), longest=20_000, description=_("Markdown: **bold**, lists with -, headings with ##.")
    )
    takeaways = Lines(_("What you take home"), description=_("One per line."))
    audience = Lines(_("For whom"), longest=1000)
    bring = Lines(_("What to bring"), longest=1000)
    accessibility = Lines(_("Accessibility"), longest=2000)
    partners = Lines(_("Partners"), description=_("One per line."))
    speakers = FieldList(FormField(PartForm), label=_("Speakers"))
    seen = HiddenField()

    def offer(
        self,
        edition: Edition,
        rooms: Sequence[Room],
        tracks: Sequence[Track],
        formats: Sequence[Format],
        speakers: Sequence[Speaker],
    ) -> None:
        """Fill every choice from the edition. Call `add_rows` before the form is shown."""
        self.offer_slots(edition, rooms)
        self.track.choices = [("", _("No theme")), *((str(t.id), t.name) for t in tracks)]
        self.format.choices = [("", _("No format")), *((str(f.id), f.name) for f in formats)]
        self._people: list[tuple[str, Any]] = [("", _("Nobody")), *((str(s.id), s.name) for s in speakers)]
        for row in self.speakers:
            row.form.speaker.choices = self._people

    def add_rows(self) -> None:
        """Keep two empty rows for people. Only for showing: a row that was not sent has no answer to validate."""
        filled = sum(1 for row in self.speakers if row.form.speaker.data)
        while len(self.speakers.entries) < filled + EMPTY_ROWS:
            self.speakers.append_entry().form.speaker.choices = self._people

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: people must be able to call the session something."""
        right = bool(super().validate(extra_validators))
        if self.title.data or self.subject.data:
            return right
        self.title.errors = [_("Fill in a title or a subject.")]
        return False

    def words(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        names = "title subject language level is_onsite is_online capacity join_url abstract description audience bring accessibility"
        plain = {name: getattr(self, name).data for name in names.split()}
        plain = {name: "" if value is None and name != "capacity" else value for name, value in plain.items()}
        return plain | {
            "takeaways": lines(self.takeaways.data),
            "partners": lines(self.partners.data),
            "track_id": number_or_none(self.track.data),
            "format_id": number_or_none(self.format.data),
        }

    def cast(self, speakers: Sequence[Speaker]) -> list[tuple[Speaker, str]]:
        """Who was chosen, in order, each once."""
        known = {str(speaker.id): speaker for speaker in speakers}
        chosen: dict[int, tuple[Speaker, str]] = {}
        for row in self.speakers:
            speaker = known.get(row.form.speaker.data or "")
            if speaker is not None:
                chosen.setdefault(speaker.id, (speaker, row.form.role.data or "speaker"))
        return list(chosen.values())

    def show(self, session: Session, edition: Edition) -> None:
        """Fill the form with a session as it is now."""
        for name in self.words():
            if name in ("takeaways", "partners"):
                getattr(self, name).data = "\n".join(getattr(session, name))
            elif name not in ("track_id", "format_id"):
                getattr(self, name).data = getattr(session, name)
        self.track.data, self.format.data = str(session.track_id or ""), str(session.format_id or "")
        self.show_slot(session, edition)
        self.seen.data = str(session.revision)
        for part in session.people:
            self.speakers.append_entry({"speaker": str(part.speaker_id), "role": part.role})


class SpeakerForm(KeyedForm):
    """Everything about a speaker in this edition."""

    name = Line(_("Name"), [needed(_("Fill in a name."))])
    email = Line(
        _("E-mail address"),
        [Optional(), looks_like_an_address],
        longest=254,
        description=_("For letters about their sessions. Never shown."),
    )
    role = Line(_("Role"))
    organisation = Line(_("Organisation"))
    unit = Line(_("Unit"))
    biography = Lines(_("Biography"), longest=5000)
    state = SelectField(_("State"), name="status", choices=(("invited", _("Invited")), ("confirmed", _("Confirmed"))))
    seen = HiddenField()

    def words(self) -> dict[str, Any]:
        names = "name role organisation unit biography"
        return {name: getattr(self, name).data or "" for name in names.split()} | {"status": self.state.data or ""}

    def show(self, speaker: Speaker) -> None:
        for name in self.words().keys() - {"status"}:
            getattr(self, name).data = getattr(speaker, name)
        self.state.data = speaker.status
        self.email.data = (speaker.person.email if speaker.person else "") or ""
        self.seen.data = str(speaker.revision)


class ReleaseForm(BlenderForm):
    """Publish: why, and whether people are told."""

    reason = Line(_("Why do you publish?"), longest=300)
    tell = SelectField(_("Who gets a message"), choices=(("yes", _("Everyone concerned")), ("no", _("Nobody"))))
    seal = HiddenField()
    number = HiddenField()


class CancelForm(BlenderForm):
    """Cancel a session: at once, or with the next version."""

    when = SelectField(_("When"), choices=(("now", _("At once")), ("later", _("With the next version"))))
    tell = SelectField(_("Who gets a message"), choices=(("yes", _("Everyone concerned")), ("no", _("Nobody"))))
    seen = HiddenField()


class ConfirmForm(BlenderForm):
    """Yes, do it."""


__all__ = ["CancelForm", "ConfirmForm", "MoveForm", "ReleaseForm", "SessionForm", "SpeakerForm"]
