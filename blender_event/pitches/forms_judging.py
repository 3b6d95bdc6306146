"""What is typed about a jury, and by it: an invitation, themes, a review, a line of the discussion."""

from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, SelectField

from blender_event.core.forms import (
    AnyOf,
    BlenderForm,
    KeyedForm,
    Line,
    Lines,
    OneOf,
    carried_number,
    is_an_address,
    needed,
)
from blender_event.core.text import _
from blender_event.pitches import labels
from blender_event.pitches import rules_judging as rules
from blender_event.pitches.actions_reviewing import NOT_WRITTEN, Opinion
from blender_event.pitches.models import Call
from blender_event.pitches.models_judging import Review

SCORES = [("", "–"), ("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")]
SCORE = "score_"


class JudgeForm(BlenderForm):
    """Who is asked to judge."""

    name = Line(_("Name"), [needed(_("Fill in the name of the person"))])
    email = Line(_("E-mail address"), [needed(_("Fill in the e-mail address")), is_an_address], longest=254)
    themes = AnyOf(_("Knows about"), choices=list(labels.THEMES.items()))
    language = SelectField(
        _("Language of the invitation"), choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )


class ThemesForm(BlenderForm):
    """What a judge knows about."""

    themes = AnyOf(_("Knows about"), choices=list(labels.THEMES.items()))


class ShareForm(BlenderForm):
    """The plan that was seen, so that exactly that is written."""

    seen = HiddenField()


class TableForm(BlenderForm):
    """Who judges which pitch, ticked by hand; `had` is what the page showed as ticked."""

    had = HiddenField()

    def pairs(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """What was ticked and what the page showed as ticked, as (pitch, person)."""
        return _pairs(request.form.getlist("give")), _pairs((self.had.data or "").split())


def _pairs(words: list[str]) -> set[tuple[int, int]]:
    split = (word.partition("-") for word in words)
    return {(carried_number(pitch), carried_number(person)) for pitch, _dash, person in split}


class RemarkForm(KeyedForm):
    """A line of the discussion."""

    words = Lines(_("Your remark"), [needed(_("Write something first"))], longest=2000)


class ReviewForm(BlenderForm):
    """What a reviewer found. Make one with `of`: it asks the criteria of the call."""

    seen = HiddenField()
    strengths = Lines(_("What is strong?"), longest=4000)
    attention = Lines(_("What needs attention?"), longest=4000)
    is_accessible = BooleanField(_("Accessibility"))
    is_inclusive = BooleanField(_("E-inclusion"))
    is_private = BooleanField(_("Privacy"))
    advice = OneOf(
        _("Your advice: should this be part of the day?"),
        said=_("Choose an advice. You can still change it later"),
        choices=list(rules.ADVICES.items()),
    )
    reason = Line(_("Why is it not for you?"), longest=300)

    @classmethod
    def of(cls, call: Call, review: Review | None) -> "ReviewForm":
        """The form with the criteria of the call, showing what was written."""
        fields = {
            SCORE + criterion["key"]: SelectField(criterion["label"], choices=SCORES, default="")
            for criterion in call.criteria
        }
        made = type("ReviewForm", (cls,), fields)
        if review is None:
            form: ReviewForm = made(seen=str(NOT_WRITTEN))
            return form
        names = ("strengths", "attention", "reason", "advice", *rules.CONDITIONS)
        shown: dict[str, Any] = {name: getattr(review, name) for name in names}
        shown |= {SCORE + key: str(points) for key, points in review.scores.items()}
        form = made(seen=str(review.revision), **shown)
        return form

    @property
    def criteria(self) -> list[Any]:
        """The fields of the call's criteria, in its order."""
        return [field for name, field in self._fields.items() if name.startswith(SCORE)]

    def opinion(self) -> Opinion:
        """What was typed. Somebody for whom the pitch is not says why and nothing else."""
        advice = self.advice.data
        if advice == "not_mine":
            return Opinion(advice, reason=self.reason.data or "")
        return Opinion(
            advice,
            strengths=self.strengths.data or "",
            attention=self.attention.data or "",
            scores={field.name.removeprefix(SCORE): int(field.data) for field in self.criteria if field.data},
            is_accessible=bool(self.is_accessible.data),
            is_inclusive=bool(self.is_inclusive.data),
            is_private=bool(self.is_private.data),
        )

    def seen_revision(self) -> int:
        """The revision the reviewer began from; -1 when there was none, or when the field was tampered with."""
        return carried_number(self.seen.data)
