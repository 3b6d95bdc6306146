"""What organisers do to letters; each deed stands in the audit trail."""

from blender_event.admin import queries_lists
from blender_event.audit import actions as audit
from blender_event.core.errors import Problem, require
from blender_event.core.text import _
from blender_event.mail import outbox
from blender_event.mail.models import Letter
from blender_event.people.models import Person
from blender_event.programme.models import Edition


def resend(letter: Letter, *, by: Person) -> None:
    """Send a letter (once more). Raises `RuleBroken` while it is on its way, or when its address does not work."""
    require(_is_at_rest(letter), _reaches_somebody(letter))
    old = {"status": letter.status}
    outbox.resend(letter)
    audit.note("letter sent again", letter, by=by, old=old)


def _is_at_rest(letter: Letter) -> Problem | None:
    if letter.status in ("queued", "sending"):
        return Problem(_("This mail is on its way already."))
    return None


def _reaches_somebody(letter: Letter) -> Problem | None:
    if queries_lists.bounce_of(letter.to_email) is not None:
        return Problem(_("This address is marked as not working. Take the mark away first."))
    return None


def drop(letter: Letter, *, by: Person) -> None:
    """Give a letter up. Raises `RuleBroken` when it left already."""
    if letter.status in ("sent", "sending"):
        require(Problem(_("This mail has left already.")))
    old = {"status": letter.status}
    outbox.drop(letter)
    audit.note("letter dropped", letter, by=by, old=old)


def mark_bounced(letter: Letter, *, reason: str, by: Person) -> None:
    """Write no more to the address of this letter."""
    outbox.mark_bounced(letter.to_email, reason)
    audit.note("address marked as not working", letter, by=by)


def forgive(letter: Letter, *, by: Person) -> None:
    """The address of this letter works again."""
    outbox.forgive(letter.to_email)
    audit.note("address works again", letter, by=by)


def release_held(edition: Edition, *, by: Person) -> int:
    """Let the letters go that a restored backup kept back. Returns how many."""
    number = outbox.release_held(edition.id)
    audit.note("held letters released", edition, by=by, new={"letters": number})
    return number


def send_test(edition: Edition, *, by: Person) -> None:
    """A letter to oneself that shows whether mail arrives."""
    outbox.put(
        kind="test",
        to_email=by.email or "",
        to_name=by.name,
        language=by.language,
        edition=edition,
        about=f"people:{by.id}",
        facts={"title": edition.title},
    )
