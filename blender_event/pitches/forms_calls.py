"""What organisers type about a call."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, FieldList, Form, FormField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from blender_event.core.forms import AnyOf, KeyedForm, Line, Lines, OneOf, needed
from blender_event.core.text import Words, _
from blender_event.pitches.labels import KINDS
from blender_event.pitches.models import Call
from blender_event.programme.models import Edition
from blender_event.programme.rules import YEARS

MOST_CRITERIA = 8
JUDGED_BY: dict[str, Words] = {
    "assigned": _("Each pitch by the people you assign it to"),
    "everyone": _("Each pitch by everyone on the jury"),
}
FIRST_TITLE = _("Bring your idea to the day")
FIRST_TEXT = _(
    "Do you work in the broad field of social work, welfare or health, and does something keep you busy about online or "
    "blended help? Show it on the day, or ask others to think along.\n\n"
    "## What we look for\n\n"
    "- a **question** from your work that research or development can help with\n"
    "- a **proposal** for a project that does not exist yet\n"
    "- a **running project** that can use other eyes\n"
    "- a **finished project** others can learn from, also from what did not work\n\n"
    "Never write anything by which a client can be recognised."
)
FIRST_CRITERIA = (_("It is new, or new for the field"), _("Others can use it"), _("It fits in daily work"))


def _in_our_time(_form: Any, field: Any) -> None:
    if field.data and field.data.year not in YEARS:
        raise ValidationError(_("Choose a day between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[-1]))


def _at_least_one(_form: Any, field: Any) -> None:
    if not field.data:
        raise ValidationError(_("Choose at least one kind."))


class _Moment(DateTimeLocalField):
    def __init__(self, label: Words, **settings: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(label, [Optional(), _in_our_time], format=formats, **settings)


class CriterionForm(Form):
    """One row: what reviewers give a score for. A row without words is no criterion."""

    key = HiddenField()
    label = Line(_("Criterion"), longest=120)


class CallForm(KeyedForm):
    """A call, whole on one page."""

    title = Line(_("Title"), [needed(_("Fill in a title."))])
    intro = Lines(
        _("What you look for"), longest=20_000, description=_("Markdown: **bold**, lists with -, headings with ##.")
    )
    kinds = AnyOf(_("What can be sent in?"), choices=list(KINDS.items()), validators=[_at_least_one])
    opens_at = _Moment(_("Opens"), description=_("Empty: visitors do not see it yet."))
    closes_at = _Moment(_("Closes"), description=_("Empty: until further notice."))
    word_limit = IntegerField(
        _("Words at most"),
        [needed(_("Give a number.")), NumberRange(20, 2000, _("Give a number from 20 to 2,000."))],
        default=250,
        description=_("Of the free text of the first step."),
    )
    most_authors = IntegerField(
        _("People at most"),
        [needed(_("Give a number.")), NumberRange(1, 20, _("Give a number from 1 to 20."))],
        default=6,
        description=_("Who send one pitch in together."),
    )
    most_files = IntegerField(_("Files at most"), [NumberRange(0, 10, _("Give a number from 0 to 10."))], default=3)
    criteria = FieldList(FormField(CriterionForm), max_entries=MOST_CRITERIA)
    is_blind = BooleanField(
        _("Blind: reviewers do not see who sends in"),
        default=True,
        description=_("Names and the names of files are hidden everywhere while people judge."),
    )
    judged_by = OneOf(
        _("Who judges?"), said=_("Choose who judges."), choices=list(JUDGED_BY.items()), default="assigned"
    )
    judging_closes_at = _Moment(_("Judging until"), description=_("Reviewers are reminded of this day."))
    position = IntegerField(
        _("Place in the list"),
        [Optional(), NumberRange(-1000, 1000, _("Give a number from -1,000 to 1,000."))],
        default=0,
    )
    seen = HiddenField(default="0")

    def show(self, call: Call, edition: Edition) -> None:
        """Fill the form with a call as it is now."""
        for name in ("title", "intro", "kinds", "word_limit", "most_authors", "most_files", "is_blind", "judged_by"):
            getattr(self, name).data = getattr(call, name)
        for name in ("opens_at", "closes_at", "judging_closes_at"):
            moment = getattr(call, name)
            local = moment.astimezone(ZoneInfo(edition.zone)).replace(tzinfo=None) if moment else None
            getattr(self, name).data = local
        self.position.data, self.seen.data = call.position, str(call.revision)
        self._rows(call.criteria)

    def propose(self, *, first: bool) -> None:
        """Every kind; and the `first` call of an edition whole, ready to be sent out: only its dates are missing."""
        self.kinds.data = list(KINDS)
        if not first:
            return
        self.title.data, self.intro.data = str(FIRST_TITLE), str(FIRST_TEXT)
        self._rows([{"key": "", "label": str(words)} for words in FIRST_CRITERIA])

    def _rows(self, criteria: list[dict[str, Any]]) -> None:
        while self.criteria.entries:
            self.criteria.pop_entry()
        for one in criteria[:MOST_CRITERIA]:
            self.criteria.append_entry(one)

    def press(self, button: str) -> bool:
        """Add or take away a row of the criteria; False when the button does something else."""
        rows = [{"key": row["key"] or "", "label": row["label"] or ""} for row in self.criteria.data]
        if button == "more":
            self._rows([*rows, {"key": "", "label": ""}])
            return True
        kind, _dash, place = button.partition("-")
        if kind == "less" and place.isascii() and place.isdigit() and int(place) < len(rows):
            self._rows(rows[: int(place)] + rows[int(place) + 1 :])
            return True
        return False

    def words(self, edition: Edition) -> dict[str, Any]:
        """The fields as the actions take them; dates become moments in the edition's zone."""
        plain = {name: getattr(self, name).data for name in ("title", "intro", "kinds", "word_limit", "most_authors")}
        rows = [{"key": row["key"] or "", "label": row["label"]} for row in self.criteria.data if row["label"]]
        return plain | {
            "intro": self.intro.data or "",
            "most_files": self.most_files.data or 0,
            "criteria": rows,
            "is_blind": bool(self.is_blind.data),
            "judged_by": self.judged_by.data,
            "position": self.position.data or 0,
            **{
                name: _aware(getattr(self, name).data, edition.zone)
                for name in ("opens_at", "closes_at", "judging_closes_at")
            },
        }


def _aware(local: datetime | None, zone: str) -> datetime | None:
    return local.replace(tzinfo=ZoneInfo(zone)) if local else None
