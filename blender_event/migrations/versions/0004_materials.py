"""Slides and other materials, portraits, and what is asked of speakers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "portraits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_portraits_edition_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name="fk_portraits_speaker_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_portraits"),
        sa.UniqueConstraint("code", name="uq_portraits_code"),
        sa.UniqueConstraint("storage_key", name="uq_portraits_storage_key"),
    )
    op.create_index("ix_portraits_edition_id", "portraits", ["edition_id"])
    op.create_index("ix_portraits_speaker_id", "portraits", ["speaker_id"])
    op.create_table(
        "speaker_needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("consent_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_speaker_needs_edition_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speakers.id"], name="fk_speaker_needs_speaker_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_speaker_needs"),
        sa.UniqueConstraint("speaker_id", name="uq_speaker_needs_speaker_id"),
    )
    op.create_index("ix_speaker_needs_edition_id", "speaker_needs", ["edition_id"])
    op.create_table(
        "materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("licence", sa.String(length=30), nullable=False),
        sa.Column("accessible", sa.String(length=3), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("publish", sa.String(length=5), nullable=False),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("published_number", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("removed_at", moment, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("accessible IN ('','yes','no')", name=op.f("ck_materials_known_accessible")),
        sa.CheckConstraint("kind IN ('slides','handout','link','recording')", name=op.f("ck_materials_known_kind")),
        sa.CheckConstraint("publish IN ('now','after','hand')", name=op.f("ck_materials_known_publish")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_materials_edition_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_materials_session_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_materials"),
        sa.UniqueConstraint("edition_id", "code", name="uq_materials_edition_id_code"),
        sa.UniqueConstraint("uid", name="uq_materials_uid"),
    )
    op.create_index("ix_materials_session_id", "materials", ["session_id"])
    op.create_table(
        "material_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("material_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scanned", sa.String(length=10), nullable=False),
        sa.Column("preview", sa.String(length=8), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "preview IN ('waiting','made','none','broken')", name=op.f("ck_material_versions_known_preview")
        ),
        sa.CheckConstraint("scanned IN ('clean','unscanned')", name=op.f("ck_material_versions_known_scanned")),
        sa.ForeignKeyConstraint(
            ["material_id"], ["materials.id"], name="fk_material_versions_material_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["people.id"], name="fk_material_versions_uploaded_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_material_versions"),
        sa.UniqueConstraint("material_id", "number", name="uq_material_versions_material_id_number"),
        sa.UniqueConstraint("storage_key", name="uq_material_versions_storage_key"),
    )
    op.create_table(
        "previews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["material_versions.id"], name="fk_previews_version_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_previews"),
        sa.UniqueConstraint("storage_key", name="uq_previews_storage_key"),
        sa.UniqueConstraint("version_id", name="uq_previews_version_id"),
    )
    op.add_column("editions", sa.Column("confirm_by", sa.Date(), nullable=True))
    op.add_column("editions", sa.Column("words_by", sa.Date(), nullable=True))
    op.add_column("editions", sa.Column("slides_by", sa.Date(), nullable=True))
    op.add_column("editions", sa.Column("public_moments", json, nullable=False, server_default="[]"))
    op.add_column("rooms", sa.Column("link_version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("speakers", sa.Column("confirmed_at", moment, nullable=True))
    op.add_column("speakers", sa.Column("declined_at", moment, nullable=True))
    op.add_column("speakers", sa.Column("availability", sa.Text(), nullable=False, server_default=""))
    op.add_column("speakers", sa.Column("equipment", sa.Text(), nullable=False, server_default=""))
    op.add_column("speakers", sa.Column("decline_reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("speakers", sa.Column("consented_at", moment, nullable=True))
    op.add_column("speakers", sa.Column("withheld_at", moment, nullable=True))
    op.add_column("speakers", sa.Column("portrait_code", sa.String(length=12), nullable=False, server_default=""))
    op.add_column("speakers", sa.Column("reminded", json, nullable=False, server_default="{}"))
    op.add_column("speakers", sa.Column("feed_version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("speakers", "feed_version")
    op.drop_column("speakers", "reminded")
    op.drop_column("speakers", "portrait_code")
    op.drop_column("speakers", "withheld_at")
    op.drop_column("speakers", "consented_at")
    op.drop_column("speakers", "decline_reason")
    op.drop_column("speakers", "equipment")
    op.drop_column("speakers", "availability")
    op.drop_column("speakers", "declined_at")
    op.drop_column("speakers", "confirmed_at")
    op.drop_column("rooms", "link_version")
    op.drop_column("editions", "public_moments")
    op.drop_column("editions", "slides_by")
    op.drop_column("editions", "words_by")
    op.drop_column("editions", "confirm_by")
    op.drop_table("previews")
    op.drop_table("material_versions")
    op.drop_table("materials")
    op.drop_table("speaker_needs")
    op.drop_table("portraits")
