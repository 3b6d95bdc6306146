"""A pitch as a reviewer reads it: its texts under the questions that were asked, and its facts. Never who sent it in."""

from collections.abc import Iterable, Mapping

from blender_event.core.text import Words, _
from blender_event.pitches import labels
from blender_event.pitches.models import Pitch
from blender_event.programme import labels_people
from blender_event.programme.models import Format

# In reading order. `partners` names organisations, so a blind call leaves it out.
TEXTS = (
    *("what", "for_whom", "result", "partners", "why", "vision_for_whom", "around_what", "client_part"),
    *(
        "inclusion_access",
        "inclusion_support",
        "inclusion_learning",
        "accessibility",
        "privacy",
        "practical",
        "ai_help",
    ),
)
NAMES = frozenset({"partners"})  # of the texts, those that by their question hold names
LISTS: tuple[tuple[str, Words, Mapping[str, Words]], ...] = (
    ("intents", _("Intent"), labels.INTENTS),
    ("subjects", _("Subject"), labels.SUBJECTS),
    ("help_forms", _("Form of help"), labels.HELP_FORMS),
    ("technology", _("Technology"), labels.TECHNOLOGY),
    ("sectors", _("Sectors"), labels_people.SECTORS),
)


def parts(pitch: Pitch) -> list[tuple[Words, str]]:
    """What was written, as (question, answer); what stayed empty is left out."""
    hidden = NAMES if pitch.call.is_blind else frozenset()
    return [
        (labels.QUESTIONS[name], getattr(pitch, name)) for name in TEXTS if name not in hidden and getattr(pitch, name)
    ]


def facts(pitch: Pitch, formats: Iterable[Format]) -> list[tuple[Words, Words]]:
    """What was chosen, as (name, words)."""
    kinds = {one.slug: one.name for one in formats}
    most = str(pitch.most_participants) if pitch.most_participants else ""
    return [
        (_("Stage"), labels.STAGES.get(pitch.stage, pitch.stage)),
        *((name, ", ".join(labels.said(getattr(pitch, column), words))) for column, name, words in LISTS),
        (_("Group"), labels_people.GROUPS.get(pitch.group, pitch.group)),
        (_("Wanted format"), kinds.get(pitch.format_slug, pitch.format_slug)),
        (_("At most this many participants"), most),
    ]


def brief(pitch: Pitch) -> list[str]:
    """The few words under the title: what kind it is, and its themes."""
    return [str(labels.KINDS[pitch.kind])] * (pitch.kind in labels.KINDS) + labels.said(pitch.themes, labels.THEMES)
