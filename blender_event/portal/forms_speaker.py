"""What a speaker may type: the words of a session, who they are, what they need; and a picture."""

import re
from typing import Any

from wtforms import BooleanField, FileField, HiddenField, RadioField

from blender_event.core.forms import BlenderForm, Line, Lines, carried_number, needed
from blender_event.core.pictures import Crop
from blender_event.core.text import _
from blender_event.programme.forms_sessions import lines
from blender_event.programme.models import Session, Speaker
from blender_event.programme.models_materials import SpeakerNeeds

SHORTEST_SIDE = 0.2  # of a picture: a smaller part would only show pixels


class SeenForm(BlenderForm):
    """A form over a row that others change too: `seen` is what stood there when it was shown."""

    seen = HiddenField()

    @property
    def seen_number(self) -> int:
        return carried_number(self.seen.data)


class WordsForm(SeenForm):
    """The words of one's own session; time and room are the organisers'."""

    title = Line(_("Title"), description=_("Say what people will hear or do. Short works best."))
    abstract = Lines(_("In one or two sentences"), longest=600, description=_("Shown in the list of sessions."))
    description = Lines(
        _("Description"),
        longest=20_000,
        description=_(
            "An empty line starts a new paragraph. Markdown works: **bold**, lists with -, headings with ##."
        ),
    )
    takeaways = Lines(_("What you take home"), longest=2000, description=_("One per line."))
    audience = Lines(_("For whom"), longest=1000)
    bring = Lines(_("What to bring"), longest=1000)
    accessibility = Lines(
        _("Accessibility"),
        longest=2000,
        description=_("Do people move around, is there sound or a film, are there captions, do you describe pictures?"),
    )

    def words(self) -> dict[str, Any]:
        """The fields as the action takes them."""
        names = "title abstract description audience bring accessibility".split()
        return {name: getattr(self, name).data or "" for name in names} | {"takeaways": lines(self.takeaways.data)}

    def show(self, session: Session) -> None:
        for name in self.words().keys() - {"takeaways"}:
            getattr(self, name).data = getattr(session, name)
        self.takeaways.data = "\n".join(session.takeaways)
        self.seen.data = str(session.revision)


class DeclineForm(BlenderForm):
    """I cannot come; why is mine to say or not."""

    reason = Lines(_("Do you want to say why?"), longest=1000, description=_("Only organisers read this."))


class ProfileForm(SeenForm):
    """Who somebody is in this edition, and whether that may be shown."""

    role = Line(_("Your role"), description=_("Such as psychologist, researcher or expert by experience."))
    organisation = Line(_("Organisation"))
    unit = Line(_("Unit"), description=_("A team, department or faculty."))
    biography = Lines(
        _("About you"),
        longest=5000,
        description=_("A few sentences, as the host would introduce you. Markdown works."),
    )
    shown = RadioField(
        _("May we show this text and your portrait?"),
        [needed(_("Choose yes or no"))],
        choices=[
            ("yes", _("Yes, on the public pages of this edition")),
            ("no", _("No, only my name, role and organisation")),
        ],
    )

    def words(self) -> dict[str, Any]:
        return {name: getattr(self, name).data or "" for name in ("role", "organisation", "unit", "biography")}

    def show(self, speaker: Speaker) -> None:
        for name in self.words():
            getattr(self, name).data = getattr(speaker, name)
        self.shown.data = "yes" if speaker.consented_at else "no" if speaker.withheld_at else None
        self.seen.data = str(speaker.revision)


class PortraitForm(BlenderForm):
    """A picture, and which square of it. Script fills in the numbers; without it, one of three parts is taken."""

    file = FileField(_("Your portrait"))
    part = RadioField(
        _("Which part do we show?"),
        choices=[("start", _("Top or left")), ("middle", _("The middle")), ("end", _("Bottom or right"))],
        default="middle",
    )
    left = HiddenField()
    top = HiddenField()
    side = HiddenField()

    def crop(self) -> Crop | None:
        """The square that was chosen; None is the middle. Numbers that script would not send count as none."""
        left, top, side = (_fraction(field.data) for field in (self.left, self.top, self.side))
        if left is not None and top is not None and side is not None:
            return Crop(left, top, max(side, SHORTEST_SIDE))
        return {"start": Crop(0, 0, 1), "end": Crop(1, 1, 1)}.get(self.part.data or "")


def _fraction(typed: str | None) -> float | None:
    """A number from 0 to 1 as script writes it, such as 0.4375; None for anything else."""
    return float(typed) if typed and re.fullmatch(r"0(\.\d{1,6})?|1(\.0{1,6})?", typed) else None


class CarryForm(SeenForm):
    """Take the profile of an earlier edition; `source` is whose."""

    source = HiddenField()


class PracticalForm(SeenForm):
    """When somebody can be there, what they use, and what they need."""

    availability = Lines(
        _("When can you be there?"), longest=2000, description=_("Such as: not before 10 o’clock, or only online.")
    )
    equipment = Lines(
        _("What do you use?"), longest=2000, description=_("Such as sound, your own laptop, a table, a flip chart.")
    )
    needs = Lines(
        _("What do you need to take part well?"),
        longest=2000,
        description=_("Such as a sign language interpreter, a room without stairs, a chair, a quiet place, food."),
    )
    needs_consent = BooleanField(_("You may keep what I need, to arrange it"))

    def show(self, speaker: Speaker, needs: SpeakerNeeds | None) -> None:
        self.availability.data, self.equipment.data = speaker.availability, speaker.equipment
        self.needs.data, self.needs_consent.data = (needs.words, True) if needs else ("", False)
        self.seen.data = str(speaker.revision)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: what somebody needs is only kept with their yes."""
        right = bool(super().validate(extra_validators))
        if not self.needs.data or self.needs_consent.data:
            return right
        self.needs_consent.errors = [_("Say that we may keep this, or leave it empty")]
        return False

    def details(self) -> dict[str, str]:
        return {name: getattr(self, name).data or "" for name in ("availability", "equipment", "needs")}
