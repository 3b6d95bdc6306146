"""What was done, by whom, to which row; and which forms were already handled."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from blender_event.core.database import Base, Json, Moment


class AuditEntry(Base):
    """One action: its name, the row it touched, and the old and new values of what changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "edition_id", "at"), Index(None, "kind", "row_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int | None]
    old: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    new: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class FormKey(Base):
    """A one-time key that was used: what it was for, a hash of what was sent, and where it led."""

    __tablename__ = "form_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64))
    result: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime] = mapped_column(Moment)
