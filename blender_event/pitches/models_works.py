"""What was made before in the field: projects and media, so that nobody has to start from nothing."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from blender_event.core.database import Base, Moment, Revised


class Work(Revised, Base):
    """A project or a media item, over all editions. Facts only: what is not known stays empty; `subject` names what has no title."""

    __tablename__ = "works"
    __table_args__ = (
        CheckConstraint("kind IN ('project','media')", name="known_kind"),
        CheckConstraint("title <> '' OR subject <> ''", name="has_a_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)  # stays when the title changes
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    people: Mapped[str] = mapped_column(String(300), default="")
    organisation: Mapped[str] = mapped_column(String(300), default="")
    year: Mapped[int | None]
    medium: Mapped[str] = mapped_column(String(100), default="")  # presentation, dossier, article, …
    url: Mapped[str] = mapped_column(String(500), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")  # folded title, subject and description
    created_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def name(self) -> str:
        """Its title, or else what it is about."""
        return self.title or self.subject
