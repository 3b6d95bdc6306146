"""The article about an edition."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from blender_event.core.database import Base, Json, Moment, Revised


class Recap(Revised, Base):
    """One article per edition: Markdown as written, and the safe HTML made from it when it was saved."""

    __tablename__ = "recaps"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id", ondelete="CASCADE"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(200), default="")
    written_on: Mapped[date | None]
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    themes: Mapped[list[str]] = mapped_column(Json, default=list)
    call: Mapped[str] = mapped_column(Text, default="")
    call_html: Mapped[str] = mapped_column(Text, default="")
    source_label: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
