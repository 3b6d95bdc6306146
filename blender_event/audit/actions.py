"""Write down who did what, and use a form's one-time key."""

from typing import Any

from blender_event.audit.models import AuditEntry, FormKey
from blender_event.core import clock
from blender_event.core.database import db
from blender_event.core.errors import KeyReused, Repeated


def note(
    action: str, row: Any, *, by: Any | None, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None
) -> None:
    """Remember that `by` (a Person, or None for the system or an unnamed visitor) did `action` to `row`.

    `old` and `new` hold only what changed and never sensitive needs or tokens.
    """
    db.session.flush()
    edition = row.id if row.__tablename__ == "editions" else getattr(row, "edition_id", None)
    db.session.add(
        AuditEntry(
            at=clock.now(),
            by_id=by.id if by is not None else None,
            edition_id=edition,
            action=action,
            kind=row.__tablename__,
            row_id=row.id,
            old=old or {},
            new=new or {},
        )
    )


def recall(key: str, *, purpose: str, digest: str) -> None:
    """Call inside the write lock, before acting. Raises `Repeated` or `KeyReused` when the key was used before."""
    used = db.session.get(FormKey, key)
    if used is None:
        return
    if used.purpose == purpose and used.digest == digest:
        raise Repeated(used.result)
    raise KeyReused


def use(key: str, *, purpose: str, digest: str, result: str) -> None:
    """Mark a one-time key as used, in the same transaction as its effect."""
    db.session.add(FormKey(key=key, purpose=purpose, digest=digest, result=result, used_at=clock.now()))


def once(key: str, *, purpose: str, digest: str) -> None:
    """Use a one-time key for an act that leads nowhere special. Raises `Repeated` or `KeyReused` like `recall`."""
    recall(key, purpose=purpose, digest=digest)
    use(key, purpose=purpose, digest=digest, result="")


def remember(key: str, *, purpose: str, result: str) -> None:
    """Keep what a page led to last; said again, the newer answer stands."""
    used = db.session.get(FormKey, key)
    if used is None:
        use(key, purpose=purpose, digest="", result=result)
    elif used.purpose == purpose:
        used.result, used.used_at = result, clock.now()


def last(key: str, *, purpose: str) -> str | None:
    """What a page led to last (`remember`); None when it led to nothing."""
    used = db.session.get(FormKey, key) if key else None
    return used.result if used is not None and used.purpose == purpose else None
