"""Sending in together: inviting somebody, accepting once, and leaving somebody out again."""

from datetime import datetime

from sqlalchemy import update

from blender_event.audit import actions as audit
from blender_event.core.database import db
from blender_event.core.errors import Problem, RuleBroken, require
from blender_event.core.text import _, email_key
from blender_event.pitches import notices, queries, rules_sending
from blender_event.pitches.models import Author


def invite(by: Author, *, name: str, email: str, key: str, now: datetime) -> Author:
    """Ask somebody to send this pitch in too: they get a link and accept it themselves. Who was asked gets the letter again.

    Raises `RuleBroken` when they take part already, when there are enough, or when the pitch is settled; `Repeated` for a
    form that was sent before.
    """
    pitch = queries.lock(by.pitch)
    audit.once(key, purpose=f"invite to pitch {pitch.id}", digest=email_key(email))
    require(rules_sending.may_invite(pitch))
    author = queries.co_author_with(pitch, email)
    if author is not None and author.status == "accepted":
        raise RuleBroken(Problem(_("This person sends in with you already."), "email"))
    if author is None:
        require(rules_sending.has_room_for_authors(pitch, len(pitch.authors)))
        author = Author(
            pitch=pitch, role="co", status="invited", name=name, email=email, email_key=email_key(email),
            language=by.language, invited_at=now,
        )  # fmt: skip
        db.session.add(author)
        db.session.flush()
        audit.note("pitch author invited", pitch, by=None)
    notices.invited(author, by)
    return author


def accept(author: Author, *, now: datetime) -> bool:
    """Say yes to an invitation. Of two at once, one accepts; the other one finds it done and gets False.

    Raises `RuleBroken` when the pitch was decided meanwhile: its session has the speakers it has.
    """
    pitch = queries.lock(author.pitch)
    if author.status == "invited":
        require(rules_sending.may_invite(pitch))
    accepted = db.session.execute(
        update(Author)
        .where(Author.id == author.id, Author.status == "invited")
        .values(status="accepted", accepted_at=now, verified_at=now)
        .returning(Author.id)
        .execution_options(synchronize_session=False)
    ).first()
    if accepted is None:
        return False
    db.session.refresh(author)
    pitch.revision += 1  # the public pages name who sends in
    audit.note("pitch author joined", pitch, by=None)
    notices.joined(author)
    return True


def leave_out(by: Author, author: Author) -> None:
    """Somebody no longer sends in with the others; their links stop working. Raises `RuleBroken`.

    The first author takes out anybody else, everybody may go themselves; who began it stays. Of two at once, one does it.
    """
    pitch = queries.lock(by.pitch)
    if author not in pitch.authors:
        return
    require(rules_sending.may_invite(pitch))
    if author.role == "first":
        raise RuleBroken(Problem(_("Who began the pitch stays with it. Call or mail us if that has to change.")))
    if by.role != "first" and by.id != author.id:
        raise RuleBroken(Problem(_("Only who began the pitch takes somebody out.")))
    notices.left_out(author)
    pitch.authors.remove(author)
    pitch.revision += 1
    db.session.flush()
    audit.note("pitch author left out", pitch, by=None)
