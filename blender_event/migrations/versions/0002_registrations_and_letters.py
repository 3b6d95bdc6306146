"""Registrations, letters, recaps, the audit trail and counters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "bounces",
    "form_keys",
    "rate_counts",
    "audit_entries",
    "letters",
    "mailings",
    "parked_registrations",
    "recaps",
    "teams",
    "registrations",
    "fresh_links",
    "needs",
)


def upgrade() -> None:
    op.create_table(
        "bounces",
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("marked_at", moment, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("email_key", name="pk_bounces"),
    )
    op.create_table(
        "form_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.Column("used_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_form_keys"),
    )
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_counts"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("old", json, nullable=False),
        sa.Column("new", json, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_audit_entries_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_audit_entries_edition_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_edition_id_at", "audit_entries", ["edition_id", "at"])
    op.create_index("ix_audit_entries_kind_row_id", "audit_entries", ["kind", "row_id"])
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("to_email", sa.String(length=320), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attachments", json, nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("lease_until", moment, nullable=True),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("unreached", sa.Boolean(), nullable=False),
        sa.CheckConstraint("status IN ('queued','sending','sent','failed','stuck','dropped','held')", name=op.f("ck_letters_known_status")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_letters_edition_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("message_id", name="uq_letters_message_id"),
    )
    op.create_index("ix_letters_edition_id_status", "letters", ["edition_id", "status"])
    op.create_index("ix_letters_status_due_at", "letters", ["status", "due_at"])
    op.create_index(
        "uq_letters_waiting_key",
        "letters",
        ["key"],
        unique=True,
        sqlite_where=sa.text("status = 'queued'"),
        postgresql_where=sa.text("status = 'queued'"),
    )
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("facts", json, nullable=False),
        sa.Column("audience", json, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("faults", json, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_mailings_edition_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_mailings"),
    )
    op.create_table(
        "parked_registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("details", json, nullable=False),
        sa.Column("parked_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_parked_registrations_edition_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_parked_registrations"),
    )
    op.create_index("ix_parked_registrations_edition_id", "parked_registrations", ["edition_id"])
    op.create_table(
        "recaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("themes", json, nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("call_html", sa.Text(), nullable=False),
        sa.Column("source_label", sa.String(length=200), nullable=False),
        sa.Column("source_url", sa.String(length=500), nullable=False),
        sa.Column("published_at", moment, nullable=True),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_recaps_edition_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_recaps"),
        sa.UniqueConstraint("edition_id", name="uq_recaps_edition_id"),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=320), nullable=False),
        sa.Column("contact_phone", sa.String(length=60), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_teams_edition_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_index("ix_teams_edition_id", "teams", ["edition_id"])
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=9), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attendance", sa.String(length=6), nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=True),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_key", sa.String(length=320), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("audience_group", sa.String(length=20), nullable=False),
        sa.Column("sectors", json, nullable=False),
        sa.Column("brings_seeks", sa.Text(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sort_key", sa.String(length=220), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("feed_version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("calendar_changed_at", moment, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        sa.Column("promoted_at", moment, nullable=True),
        sa.Column("cancelled_at", moment, nullable=True),
        sa.Column("verified_at", moment, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("attendance IN ('onsite','online')", name=op.f("ck_registrations_known_attendance")),
        sa.CheckConstraint("status <> 'waiting' OR queue_number IS NOT NULL", name=op.f("ck_registrations_waiting_has_number")),
        sa.CheckConstraint("status IN ('confirmed','waiting','cancelled')", name=op.f("ck_registrations_known_status")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_registrations_edition_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_registrations_person_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["registered_by_id"], ["people.id"], name="fk_registrations_registered_by_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_registrations_team_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        sa.UniqueConstraint("reference", name="uq_registrations_reference"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_registrations_edition_id_created_at", "registrations", ["edition_id", "created_at"])
    op.create_index("ix_registrations_edition_id_sort_key", "registrations", ["edition_id", "sort_key"])
    op.create_index("ix_registrations_edition_id_status_attendance", "registrations", ["edition_id", "status", "attendance"])
    op.create_index("ix_registrations_person_id", "registrations", ["person_id"])
    op.create_index("ix_registrations_team_id", "registrations", ["team_id"])
    op.create_index(
        "uq_registrations_active_email",
        "registrations",
        ["edition_id", "email_key"],
        unique=True,
        sqlite_where=sa.text("status <> 'cancelled' AND email_key IS NOT NULL"),
        postgresql_where=sa.text("status <> 'cancelled' AND email_key IS NOT NULL"),
    )
    op.create_table(
        "fresh_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("new_email", sa.String(length=320), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        sa.CheckConstraint("kind IN ('needs','email')", name=op.f("ck_fresh_links_known_kind")),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"], name="fk_fresh_links_registration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_fresh_links"),
    )
    op.create_index("ix_fresh_links_registration_id", "fresh_links", ["registration_id"])
    op.create_table(
        "needs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("choices", json, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("consent_at", moment, nullable=False),
        sa.Column("consent_text", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["registrations.id"], name="fk_needs_registration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_needs"),
        sa.UniqueConstraint("registration_id", name="uq_needs_registration_id"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
