"""Calls, pitches, who sends them in and who judges them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("intro", sa.Text(), nullable=False),
        sa.Column("intro_html", sa.Text(), nullable=False),
        sa.Column("kinds", json, nullable=False),
        sa.Column("opens_at", moment, nullable=True),
        sa.Column("closes_at", moment, nullable=True),
        sa.Column("word_limit", sa.Integer(), nullable=False),
        sa.Column("most_authors", sa.Integer(), nullable=False),
        sa.Column("most_files", sa.Integer(), nullable=False),
        sa.Column("criteria", json, nullable=False),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("judged_by", sa.String(length=10), nullable=False),
        sa.Column("judging_closes_at", moment, nullable=True),
        sa.Column("pitches_public_at", moment, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("judged_by IN ('assigned','everyone')", name=op.f("ck_calls_known_judged_by")),
        sa.CheckConstraint("word_limit BETWEEN 20 AND 2000", name=op.f("ck_calls_word_limit_possible")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_calls_edition_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
        sa.UniqueConstraint("edition_id", "slug", name="uq_calls_edition_id_slug"),
    )
    op.create_table(
        "judges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("themes", json, nullable=False),
        sa.Column("invited_at", moment, nullable=False),
        sa.Column("reminded_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_judges_call_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_judges_edition_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_judges_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_judges"),
        sa.UniqueConstraint("call_id", "person_id", name="uq_judges_call_id_person_id"),
    )
    op.create_index("ix_judges_edition_id", "judges", ["edition_id"])
    op.create_index("ix_judges_person_id", "judges", ["person_id"])
    op.create_table(
        "pitches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("pending", sa.String(length=10), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("for_whom", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("partners", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("vision_for_whom", sa.Text(), nullable=False),
        sa.Column("around_what", sa.Text(), nullable=False),
        sa.Column("intents", json, nullable=False),
        sa.Column("subjects", json, nullable=False),
        sa.Column("help_forms", json, nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("themes", json, nullable=False),
        sa.Column("technology", json, nullable=False),
        sa.Column("sectors", json, nullable=False),
        sa.Column("audience_group", sa.String(length=20), nullable=False),
        sa.Column("inclusion_access", sa.Text(), nullable=False),
        sa.Column("inclusion_support", sa.Text(), nullable=False),
        sa.Column("inclusion_learning", sa.Text(), nullable=False),
        sa.Column("accessibility", sa.Text(), nullable=False),
        sa.Column("privacy", sa.Text(), nullable=False),
        sa.Column("client_part", sa.Text(), nullable=False),
        sa.Column("format_slug", sa.String(length=60), nullable=False),
        sa.Column("most_participants", sa.Integer(), nullable=True),
        sa.Column("practical", sa.Text(), nullable=False),
        sa.Column("may_record", sa.Boolean(), nullable=False),
        sa.Column("ai_help", sa.Text(), nullable=False),
        sa.Column("agreed_public", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("extended_until", moment, nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("submitted_at", moment, nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("told_at", moment, nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('','question','proposal','running','finished')", name=op.f("ck_pitches_known_kind")
        ),
        sa.CheckConstraint(
            "pending IS NULL OR pending IN ('accepted','waitlisted','declined')", name=op.f("ck_pitches_known_pending")
        ),
        sa.CheckConstraint(
            "status IN ('draft','submitted','accepted','waitlisted','declined','confirmed','withdrawn','cancelled')",
            name=op.f("ck_pitches_known_status"),
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_pitches_call_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_pitches_edition_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_pitches_session_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_pitches"),
        sa.UniqueConstraint("edition_id", "code", name="uq_pitches_edition_id_code"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pitches_call_id", "pitches", ["call_id"])
    op.create_index("ix_pitches_edition_id_status", "pitches", ["edition_id", "status"])
    op.create_index("ix_pitches_session_id", "pitches", ["session_id"])
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=8), nullable=False),
        sa.Column("assigned_at", moment, nullable=False),
        sa.CheckConstraint(
            "made_by IN ('hand','theme','evenly','everyone')", name=op.f("ck_assignments_known_made_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_assignments_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitches.id"], name="fk_assignments_pitch_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
        sa.UniqueConstraint("pitch_id", "person_id", name="uq_assignments_pitch_id_person_id"),
    )
    op.create_index("ix_assignments_person_id", "assignments", ["person_id"])
    op.create_table(
        "pitch_authors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=5), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_key", sa.String(length=320), nullable=True),
        sa.Column("speaks", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("invited_at", moment, nullable=True),
        sa.Column("accepted_at", moment, nullable=True),
        sa.Column("verified_at", moment, nullable=True),
        sa.CheckConstraint("role IN ('first','co')", name=op.f("ck_pitch_authors_known_role")),
        sa.CheckConstraint("status IN ('invited','accepted')", name=op.f("ck_pitch_authors_known_status")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_pitch_authors_person_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitches.id"], name="fk_pitch_authors_pitch_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_pitch_authors"),
        sa.UniqueConstraint("pitch_id", "email_key", name="uq_pitch_authors_pitch_id_email_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pitch_authors_person_id", "pitch_authors", ["person_id"])
    op.create_index("ix_pitch_authors_pitch_id", "pitch_authors", ["pitch_id"])
    op.create_table(
        "pitch_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scanned", sa.String(length=10), nullable=False),
        sa.Column("uploaded_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitches.id"], name="fk_pitch_files_pitch_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_pitch_files"),
        sa.UniqueConstraint("storage_key", name="uq_pitch_files_storage_key"),
    )
    op.create_index("ix_pitch_files_pitch_id", "pitch_files", ["pitch_id"])
    op.create_table(
        "pitch_interests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("consent_at", moment, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name="fk_pitch_interests_edition_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitches.id"], name="fk_pitch_interests_pitch_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_pitch_interests"),
        sa.UniqueConstraint("pitch_id", "email_key", name="uq_pitch_interests_pitch_id_email_key"),
    )
    op.create_index("ix_pitch_interests_edition_id", "pitch_interests", ["edition_id"])
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("said_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_remarks_person_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitches.id"], name="fk_remarks_pitch_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
    )
    op.create_index("ix_remarks_pitch_id", "remarks", ["pitch_id"])
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pitch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("attention", sa.Text(), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), nullable=False),
        sa.Column("is_inclusive", sa.Boolean(), nullable=False),
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("advice", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("scores", json, nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("advice IN ('yes','maybe','no','not_mine')", name=op.f("ck_reviews_known_advice")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reviews_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitches.id"], name="fk_reviews_pitch_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("pitch_id", "person_id", name="uq_reviews_pitch_id_person_id"),
    )
    op.create_index("ix_reviews_person_id", "reviews", ["person_id"])
    op.create_table(
        "works",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("people", sa.String(length=300), nullable=False),
        sa.Column("organisation", sa.String(length=300), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("medium", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('project','media')", name=op.f("ck_works_known_kind")),
        sa.CheckConstraint("title <> '' OR subject <> ''", name=op.f("ck_works_has_a_name")),
        sa.PrimaryKeyConstraint("id", name="pk_works"),
        sa.UniqueConstraint("slug", name="uq_works_slug"),
    )


def downgrade() -> None:
    op.drop_table("works")
    op.drop_table("reviews")
    op.drop_table("remarks")
    op.drop_table("pitch_interests")
    op.drop_table("pitch_files")
    op.drop_table("pitch_authors")
    op.drop_table("assignments")
    op.drop_table("pitches")
    op.drop_table("judges")
    op.drop_table("calls")
