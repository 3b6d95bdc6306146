"""What organisers type about pitches: a decision with its words, more time, a remark, and the words of a pitch by phone."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, HiddenField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional, ValidationError

from blender_event.core.forms import AnyOf, BlenderForm, KeyedForm, Line, Lines, OneOf, is_an_address, needed
from blender_event.core.text import _
from blender_event.pitches import labels, labels_decisions
from blender_event.pitches.models import Call, Pitch
from blender_event.programme import labels_people
from blender_event.programme.models import Format
from blender_event.programme.rules import YEARS

NONE = "none"
LANGUAGES = {"nl": _("Dutch"), "en": _("English")}
WORDS = (
    "title", "summary", "what", "for_whom", "result", "partners", "why", "vision_for_whom", "around_what", "kind",
    "stage", "themes", "sectors", "group", "inclusion_access", "inclusion_support", "inclusion_learning",
    "accessibility", "privacy", "client_part", "format_slug", "most_participants", "practical", "language",
)  # fmt: skip


class DecisionForm(BlenderForm):
    """What becomes of one pitch; `seen` is how it stood when the page was made."""

    decision = OneOf(_("Decision"), said=_("Choose what you decide."))
    note = Lines(
        _("Your words to the submitters"),
        longest=5000,
        description=_("They stand in the mail. Say what you liked, and why you decide so."),
    )
    seen = HiddenField()

    @classmethod
    def of(cls, pitch: Pitch, *, note: str, seen: str) -> "DecisionForm":
        form = cls(data={"decision": pitch.pending or NONE, "note": note, "seen": seen})
        offered = [
            (decision, words)
            for decision, words in labels_decisions.DECISIONS.items()
            if (pitch.status, decision) != ("waitlisted", "waitlisted")
        ]
        form.decision.choices = [*offered, (NONE, _("Not decided yet"))]
        return form

    @property
    def chosen(self) -> str | None:
        return None if self.decision.data == NONE else self.decision.data


class TellForm(KeyedForm):
    """Tell what was decided; `seal` is what was read."""

    seal = HiddenField()


class MoreTimeForm(BlenderForm):
    """Until when one pitch may still change, by the clock of the edition."""

    until = DateTimeLocalField(
        _("May still be changed until"),
        [needed(_("Choose a day and an hour."))],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )

    def validate_until(self, field: Any) -> None:
        if field.data and field.data.year not in YEARS:
            raise ValidationError(_("Choose a day between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1]))

    def moment(self, zone: str) -> datetime:
        return self.until.data.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class RemarkForm(KeyedForm):
    """A line of the discussion."""

    words = Lines(_("Add to the discussion"), [needed(_("Write something first."))], longest=3000)


class CancelForm(BlenderForm):
    """Take a pitch out."""

    note = Lines(_("Your words to the submitters"), longest=5000, description=_("They stand in the mail."))
    with_session = BooleanField(_("Cancel the session too"))


class AboutPitch:
    """The questions of a pitch, all on one page, none required but the title."""

    title = Line(labels.QUESTIONS["title"], [needed(_("Give the pitch a title."))])
    summary = Lines(labels.QUESTIONS["summary"], longest=20_000)
    what = Lines(labels.QUESTIONS["what"], longest=20_000)
    for_whom = Lines(labels.QUESTIONS["for_whom"])
    result = Lines(labels.QUESTIONS["result"])
    partners = Lines(labels.QUESTIONS["partners"])
    why = Lines(labels.QUESTIONS["why"])
    vision_for_whom = Lines(labels.QUESTIONS["vision_for_whom"])
    around_what = Lines(labels.QUESTIONS["around_what"])
    kind = SelectField(labels.QUESTIONS["kind"], [Optional()])
    stage = SelectField(labels.QUESTIONS["stage"], [Optional()])
    themes = AnyOf(labels.QUESTIONS["themes"], choices=list(labels.THEMES.items()))
    sectors = AnyOf(labels.QUESTIONS["sectors"], choices=list(labels_people.SECTORS.items()))
    group = SelectField(labels.QUESTIONS["group"], [Optional()])
    inclusion_access = Lines(labels.QUESTIONS["inclusion_access"])
    inclusion_support = Lines(labels.QUESTIONS["inclusion_support"])
    inclusion_learning = Lines(labels.QUESTIONS["inclusion_learning"])
    accessibility = Lines(labels.QUESTIONS["accessibility"])
    privacy = Lines(labels.QUESTIONS["privacy"])
    client_part = Lines(labels.QUESTIONS["client_part"])
    format_slug = SelectField(labels.QUESTIONS["format_slug"], [Optional()])
    most_participants = IntegerField(
        labels.QUESTIONS["most_participants"],
        [Optional(), NumberRange(1, 10_000, _("Give a number from 1 to 10,000."))],
    )
    practical = Lines(labels.QUESTIONS["practical"])
    language = SelectField(_("Language"), choices=list(LANGUAGES.items()))

    def offer(self, formats: list[Format], call: Call | None = None, present: Pitch | None = None) -> None:
        """The lists; what a pitch has stays choosable, also when it left the list."""
        kinds = call.kinds if call is not None and call.kinds else list(labels.KINDS)
        lists = {
            "kind": {kind: labels.KINDS.get(kind, kind) for kind in kinds},
            "stage": labels.STAGES,
            "group": labels_people.GROUPS,
            "format_slug": {kind.slug: kind.name for kind in formats if not kind.is_break},
        }
        for name, words in lists.items():
            now = getattr(present, name, "") or ""
            more = [(now, now)] if now and now not in words else []
            getattr(self, name).choices = [("", _("not said")), *words.items(), *more]
        for name in ("themes", "sectors"):
            field = getattr(self, name)
            gone = [code for code in getattr(present, name, None) or [] if code not in dict(field.choices)]
            field.choices = [*field.choices, *((code, code) for code in gone)]

    def words(self) -> dict[str, Any]:
        """What the action takes."""
        found = {name: getattr(self, name).data for name in WORDS}
        return {
            name: value if value is not None or name == "most_participants" else "" for name, value in found.items()
        }


class WordsForm(AboutPitch, BlenderForm):
    """Change the words of a pitch; `seen` is the revision the organiser looks at."""

    seen = HiddenField()


class NoteDownForm(AboutPitch, KeyedForm):
    """A pitch that somebody gave by phone or on paper."""

    call = SelectField(_("Call"))
    name = Line(_("Name of who sends it in"), [needed(_("Fill in a name."))])
    organisation = Line(_("Organisation"))
    email = Line(
        _("E-mail address"),
        [is_an_address],
        longest=254,
        description=_("May stay empty. With an address, the person gets a mail with a link to the pitch."),
    )
    send_in = BooleanField(_("Send it in at once, as the person asks"), default=True)

    def author(self) -> dict[str, str]:
        return {
            "name": self.name.data or "",
            "organisation": self.organisation.data or "",
            "email": self.email.data or "",
        }
