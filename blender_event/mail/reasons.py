"""Why a letter did not go out, in words for organisers; what the server said stands behind it."""

import re

from blender_event.core.text import Words, _

BOUNCED = "This address was marked as not working."
UNREADABLE = "The letter could not be made up: what it is about is no longer there."
KILLED = "The worker stopped while sending, six times."
REPLACED = "A newer letter took its place."
UNREACHED = "No mail server: "  # begins the reason of a try that found none to speak to
_OURS: dict[str, Words] = {
    BOUNCED: _("This address was marked as not working."),
    UNREADABLE: _("The letter could not be made up: what it is about is no longer there."),
    KILLED: _("The worker stopped while sending, six times."),
    REPLACED: _("A newer letter took its place."),
}
# Enhanced status codes of RFC 3463 first, then the plain replies of RFC 5321.
_SAID: tuple[tuple[str, Words], ...] = (
    (r"\d{3}[ -]\d\.2\.2\b|[45]52\b", _("The mailbox is full.")),
    (r"\d{3}[ -]\d\.1\.[0-36]\b", _("This address does not exist.")),
    (r"\d{3}[ -]\d\.7\.\d+\b|554\b", _("The mail server does not want this letter.")),
    (r"550\b", _("The mail server refuses this address.")),
    (r"4\d\d\b", _("The mail server asks to try later.")),
    (r"5\d\d\b", _("The mail server refuses the letter.")),
)
_TECHNICAL = re.compile(r"\w+(Error|Exception|Disconnected)\b")


def in_words(reason: str) -> Words:
    """A stored reason for a reader."""
    plain = _OURS.get(reason) or _plain(reason)
    if plain is None or reason in _OURS:
        return plain or reason
    return _("%(words)s (%(technical)s)", words=plain, technical=reason.removeprefix(UNREACHED))


def _plain(reason: str) -> Words | None:
    if reason.startswith(UNREACHED) and "CERTIFICATE" in reason:
        return _("The mail server cannot prove who it is.")
    if reason.startswith(UNREACHED):
        return _("The mail server cannot be reached.")
    for pattern, words in _SAID:
        if re.match(pattern, reason):
            return words
    return _("The mail server stopped answering halfway.") if _TECHNICAL.match(reason) else None
