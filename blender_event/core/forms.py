"""What every form shares: cleaned text, a honeypot, a one-time key, and problems beside their fields."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from blender_event.core import links, text
from blender_event.core.errors import RuleBroken
from blender_event.core.text import Words, _


class Line(StringField):
    """One line of text, cleaned on the way in. `longest` is a refusal, never a silent cut."""

    def __init__(self, label: Words = "", validators: Iterable[Any] = (), longest: int = 200, **settings: Any) -> None:
        self.longest = longest
        super().__init__(label, [*validators, _not_too_long], filters=[_line], **settings)


class Lines(TextAreaField):
    """Several lines of text, cleaned on the way in. Line breaks count as one character."""

    def __init__(self, label: Words = "", validators: Iterable[Any] = (), longest: int = 5000, **settings: Any) -> None:
        self.longest = longest
        super().__init__(label, [*validators, _not_too_long], filters=[_lines], **settings)


def _line(value: str | None) -> str | None:
    return text.clean(value, longest=1_000_000) if value is not None else None


def _lines(value: str | None) -> str | None:
    return text.clean(value, lines=True, longest=1_000_000) if value is not None else None


def _not_too_long(_form: Any, field: Any) -> None:
    size = len(field.data or "")
    if size > field.longest:
        raise ValidationError(
            _("This is %(size)s characters. At most %(longest)s fit.", size=size, longest=field.longest)
        )


def needed(message: Words) -> Callable[..., None]:
    """The field must not be empty after cleaning; `message` says what to do, with a verb."""

    def check(_form: Any, field: Field) -> None:
        if not field.data or not str(field.data).strip():
            field.errors = []  # what the empty field itself says of it
            raise StopValidation(message)

    check.field_flags = {"required": False}  # type: ignore[attr-defined]
    return check


def carried_number(typed: str | None) -> int:
    """A number that a hidden field carried along; -1, which no row and no list ever has, for anything else."""
    typed = typed or ""
    return int(typed) if len(typed) <= 9 and typed.isascii() and typed.isdigit() else -1


def is_an_address(_form: Any, field: Any) -> None:
    """What could be a mail address. Nothing is looked up: the letter itself is the proof."""
    if not field.data:
        return
    try:
        validate_email(field.data, check_deliverability=False)
    except EmailNotValidError:
        raise ValidationError(_("Fill in a whole e-mail address, such as ada@example.org")) from None


class OneOf(RadioField):
    """Radio buttons; `said` is the answer to nothing and to something that is not offered."""

    def __init__(self, label: Words = "", said: Words = "", **settings: Any) -> None:
        self.said = said
        super().__init__(label, [needed(said)], validate_choice=False, **settings)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in [value for value, *_rest in self.iter_choices()]:
            raise ValidationError(self.said)


class AnyOf(SelectMultipleField):
    """Checkboxes of one question."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Words = "", **settings: Any) -> None:
        super().__init__(label, validate_choice=False, **settings)

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or []) <= {value for value, *_rest in self.iter_choices()}:
            raise ValidationError(_("Choose from the list."))


def is_web_address(_form: Any, field: Any) -> None:
    """The field is empty or holds a whole http(s) address with a host."""
    if field.data and not re.match(r"https?://[^\s/]+", field.data):
        raise ValidationError(_("Give a whole web address that starts with https://."))


__all__ = [
    "AnyOf",
    "BlenderForm",
    "InputRequired",
    "KeyedForm",
    "Line",
    "Lines",
    "OneOf",
    "Optional",
    "carried_number",
    "is_an_address",
    "is_web_address",
    "needed",
]


class BlenderForm(FlaskForm):
    """A form that keeps what was typed and answers 422 with its problems in words."""

    class Meta(FlaskForm.Meta):
        locales = ("nl",)

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Field:
            return super().bind_field(form, unbound, options)

    website = StringField(_("Leave this field empty"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.general: list[Words] = []

    @property
    def is_trapped(self) -> bool:
        """Whether the field that people cannot see was filled in."""
        return bool((self.website.data or "").strip())

    @property
    def status(self) -> int:
        """The answer's status: 422 when something has to be mended, else 200."""
        return 422 if self.errors or self.general else 200

    def take(self, broken: RuleBroken) -> None:
        """Put each problem of a broken rule beside its field, or on top when it has none."""
        for problem in broken.problems:
            field = self._fields.get(problem.field or "")
            if field is None:
                self.general.append(problem.message)
            else:
                field.errors = [*field.errors, problem.message]

    @property
    def problems(self) -> list[tuple[str | None, Words]]:
        """Every problem as (id of the field or None, message), in the order of the page."""
        found: list[tuple[str | None, Words]] = [(None, message) for message in self.general]
        for field in self:
            found.extend((_anchor(field), str(error)) for error in field.errors if error)
        return found

    def was_sent(self) -> bool:
        return request.method == "POST"


def _anchor(field: Any) -> str:
    """Where a link to a field must lead: for radio buttons and checkboxes the first choice."""
    choices = getattr(field, "iter_choices", None)
    return f"{field.id}-0" if choices and field.type in ("RadioField", "CheckboxesField") else field.id


class KeyedForm(BlenderForm):
    """A form whose effect happens once: it carries a random key, made when it is first shown."""

    key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.key.data or len(self.key.data) > 64:
            self.key.data = links.random_token()

    def digest(self) -> str:
        """What was sent, as one hash: the same key with another digest is refused."""
        sent = {
            name: field.data
            for name, field in self._fields.items()
            if name not in ("csrf_token", "key", "website", "submit")
        }
        return hashlib.sha256(json.dumps(sent, sort_keys=True, default=str).encode()).hexdigest()
