"""What may be typed to send a pitch in: a form for each step. A draft takes everything; only what cannot be kept is refused."""

from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import ValidationError

from blender_event.core.forms import AnyOf, BlenderForm, KeyedForm, Line, Lines, is_an_address, needed
from blender_event.core.text import Words, _
from blender_event.pitches import labels
from blender_event.pitches.actions_drafts import Typed
from blender_event.pitches.labels import QUESTIONS
from blender_event.pitches.models import Author, Pitch
from blender_event.pitches.rules_sending import ABOUT_ME, FIELDS
from blender_event.programme import labels_people

LONGEST = 20_000  # of one answer: far more than anybody is asked for, so that nothing typed is refused
MOST_PEOPLE = 1000


class Choice(RadioField):
    """Radio buttons that may stay empty; what is not offered is no answer."""

    def __init__(self, label: Words = "", **settings: Any) -> None:
        super().__init__(label, validate_choice=False, **settings)

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in [value for value, *_rest in self.iter_choices()]:
            raise ValidationError(_("Choose from the list."))


def _long(name: str) -> Lines:
    return Lines(QUESTIONS[name], longest=LONGEST)


class StepForm(KeyedForm):
    """One step. `seen` says what stood there when the page was made."""

    STEP: ClassVar[str] = ""
    seen = HiddenField()

    @classmethod
    def of(cls, author: Author, mark: str) -> "StepForm":
        """The step as it is kept; what was sent wins."""
        me = {f"my_{name}": getattr(author, name) for name in ABOUT_ME}
        form = cls(obj=author.pitch, data={"email": author.email or "", **me})
        if not form.was_sent():
            form.seen.data = mark
        return form

    def typed(self) -> Typed:
        """Everything that can be kept: fields that are refused are left as they were."""
        right = {name: self[name].data for name in FIELDS[self.STEP] if name in self and not self[name].errors}
        me = {name: self[f"my_{name}"].data for name in ABOUT_ME if f"my_{name}" in self}
        me = {name: value for name, value in me.items() if not self[f"my_{name}"].errors}
        email = self["email"].data or None if "email" in self and not self["email"].errors else None
        pitch = {name: _kept(value) for name, value in right.items()}
        me = {name: _kept(value) for name, value in me.items()}
        return Typed(self.STEP, pitch, me, email, self.seen.data or "", self.key.data or "")


def _kept(value: Any) -> Any:
    """Nothing is the empty text; a number that was not given stays none."""
    return value if value is not None else ""


class IdeaForm(StepForm):
    """The first step: what it is called, who to write to, and the idea itself. Only a bad address is refused."""

    STEP = "idee"
    title = Line(QUESTIONS["title"])
    email = Line(_("E-mail address"), [needed(_("Fill in your e-mail address")), is_an_address], longest=254)
    summary = _long("summary")


class ContentForm(StepForm):
    STEP = "inhoud"
    what = _long("what")
    for_whom = _long("for_whom")
    result = _long("result")
    partners = _long("partners")


class VisionForm(StepForm):
    STEP = "waarom"
    why = _long("why")
    vision_for_whom = _long("vision_for_whom")
    around_what = _long("around_what")


class AskForm(StepForm):
    """What is asked, and where it stands. `kind` offers what the call takes."""

    STEP = "vraag"
    kind = Choice(QUESTIONS["kind"])
    intents = AnyOf(QUESTIONS["intents"], choices=list(labels.INTENTS.items()))
    subjects = AnyOf(QUESTIONS["subjects"], choices=list(labels.SUBJECTS.items()))
    help_forms = AnyOf(QUESTIONS["help_forms"], choices=list(labels.HELP_FORMS.items()))
    stage = Choice(QUESTIONS["stage"], choices=list(labels.STAGES.items()))
    themes = AnyOf(QUESTIONS["themes"], choices=list(labels.THEMES.items()))
    technology = AnyOf(QUESTIONS["technology"], choices=list(labels.TECHNOLOGY.items()))
    sectors = AnyOf(QUESTIONS["sectors"], choices=list(labels_people.SECTORS.items()))
    group = Choice(QUESTIONS["group"], choices=list(labels_people.GROUPS.items()))

    def offer(self, pitch: Pitch, _formats: Sequence[tuple[str, str]]) -> None:
        kinds = [kind for kind in labels.KINDS if kind in pitch.call.kinds or kind == pitch.kind]
        self.kind.choices = [(kind, labels.KINDS[kind]) for kind in kinds]


class ConditionsForm(StepForm):
    STEP = "voorwaarden"
    inclusion_access = _long("inclusion_access")
    inclusion_support = _long("inclusion_support")
    inclusion_learning = _long("inclusion_learning")
    accessibility = _long("accessibility")
    privacy = _long("privacy")
    client_part = _long("client_part")


class HowMany(StringField):
    """A whole number of people, or nothing; something else stays in the field as it was typed."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not typed:
            return
        if not (typed.isascii() and typed.isdigit() and len(typed) <= 6 and 1 <= int(typed) <= MOST_PEOPLE):
            raise ValueError(_("Fill in a whole number from 1 to %(most)s.", most=MOST_PEOPLE))
        self.data = int(typed)


class PracticalForm(StepForm):
    """What the organisers must arrange, and who one is. `format_slug` offers the edition's forms."""

    STEP = "praktisch"
    format_slug = Choice(QUESTIONS["format_slug"])
    most_participants = HowMany(QUESTIONS["most_participants"])
    practical = _long("practical")
    my_name = Line(_("Your name"))
    my_job_title = Line(_("Job title"))
    my_organisation = Line(_("Organisation"))
    my_speaks = BooleanField(_("I speak too when this becomes a session"))
    ai_help = _long("ai_help")
    may_record = BooleanField(QUESTIONS["may_record"])
    agreed_public = BooleanField(QUESTIONS["agreed_public"])

    def offer(self, pitch: Pitch, formats: Sequence[tuple[str, str]]) -> None:
        self.format_slug.choices = [*formats, ("", _("No preference"))]

    def typed(self) -> Typed:
        found = super().typed()
        number = {} if self.most_participants.errors else {"most_participants": self.most_participants.data}
        return Typed(found.step, {**found.pitch, **number}, found.me, None, found.seen, found.key)


STEP_FORMS: dict[str, type[StepForm]] = {
    form.STEP: form for form in (IdeaForm, ContentForm, VisionForm, AskForm, ConditionsForm, PracticalForm)
}


class ButtonForm(BlenderForm):
    """Only the button and its CSRF token."""


class AddressForm(BlenderForm):
    """Where somebody is written to."""

    email = Line(_("E-mail address"), [needed(_("Fill in your e-mail address")), is_an_address], longest=254)


class InviteForm(KeyedForm):
    """Who is asked to send in together."""

    name = Line(_("Name"))
    email = Line(_("E-mail address"), [needed(_("Fill in an e-mail address")), is_an_address], longest=254)


class FileForm(BlenderForm):
    """Only what a refused file leaves behind."""

    file = StringField(_("File (PDF or slides)"))
