"""Who comes and who sends in: the five groups (and two more) and the sectors, in the words of the field."""

from blender_event.core.text import Words, _

FIVE_GROUPS = ("field", "research", "civil_society", "policy", "ict")
GROUPS: dict[str, Words] = {
    "field": _("Work field"),
    "research": _("Research"),
    "civil_society": _("Civil society"),
    "policy": _("Policy"),
    "ict": _("ICT"),
    "education": _("Education"),
    "other": _("Other group"),
}
SECTORS: dict[str, Words] = {
    "general_welfare": _("General welfare work"),
    "youth_care": _("Youth care"),
    "mental_health": _("Mental health care"),
    "home_care": _("Family and home care"),
    "disability": _("People with a disability"),
    "community_work": _("Community and street work"),
    "debt_support": _("Debt support"),
    "youth_work": _("Youth work"),
    "education": _("Education and student services"),
    "local_government": _("Local government, OCMW"),
    "research": _("Research and higher education"),
    "ict": _("ICT sector"),
    "policy": _("Policy sector"),
    "other": _("Another sector"),
}
