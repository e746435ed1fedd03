"""Thresholds, frozen editions, visits, decisions, promises.

Why: a decision names who and until when, and what was frozen is never rewritten.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_8_leadership"
down_revision = "2026_11_22_7_questions"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "commitment",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("words", sa.String(), nullable=False, comment="what we promise, in words for the client"),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False, comment="what will show that it is kept"),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column(
            "every_weeks", sa.BigInteger(), nullable=True, comment="how often proof is due again; empty: once"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'broken', 'withdrawn')", name=op.f("ck_commitment_state_known")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_commitment_issue_id_issue")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_commitment_made_by_id_user")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_commitment_owner_id_user")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_commitment_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_commitment_public_id")),
    )
    op.create_index("ix_commitment_due", "commitment", ["state", "next_due_on"], unique=False)
    op.create_index(op.f("ix_commitment_issue_id"), "commitment", ["issue_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(), nullable=False, comment="what we do, for our own people"),
        sa.Column("message", sa.String(), nullable=True, comment="what clients who have it are to hear"),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=False),
        sa.Column("before", JSON, nullable=False, comment="the issue's figures on that day"),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "done_at", sa.DateTime(timezone=True), nullable=True, comment="when the owner says it is changed"
        ),
        sa.Column("looked_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "told_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the first message about it left: from then on it cannot be undone",
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "choice IN ('change', 'keep', 'look_further', 'not_now')", name=op.f("ck_decision_choice_known")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_decision_decided_by_id_user")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_decision_issue_id_issue")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_decision_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_public_id")),
    )
    op.create_index(op.f("ix_decision_issue_id"), "decision", ["issue_id"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False, comment="the Monday of its week"),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True, comment="empty: made on Monday by itself"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_edition_made_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("public_id", name=op.f("uq_edition_public_id")),
    )
    op.create_table(
        "planned_change",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False, comment="what would end"),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("seen", JSON, nullable=True, comment="who depended on it when it was decided"),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'dropped', 'kept')", name=op.f("ck_planned_change_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_planned_change_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_planned_change_issue_id_issue")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_planned_change_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_planned_change_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_planned_change_public_id")),
    )
    op.create_index(op.f("ix_planned_change_issue_id"), "planned_change", ["issue_id"], unique=False)
    op.create_table(
        "threshold",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("groups", sa.BigInteger(), nullable=False),
        sa.Column(
            "value_cents", sa.BigInteger(), nullable=True, comment="yearly value of the clients who have it"
        ),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("groups >= 1", name=op.f("ck_threshold_groups_positive")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_threshold_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threshold")),
    )
    op.create_table(
        "commitment_to",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("commitment_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_commitment_to_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_to_commitment_id_commitment")
        ),
        sa.PrimaryKeyConstraint("account_id", "commitment_id", name=op.f("pk_commitment_to")),
    )
    op.create_index(op.f("ix_commitment_to_commitment_id"), "commitment_to", ["commitment_id"], unique=False)
    op.create_table(
        "proof",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("commitment_id", sa.BigInteger(), nullable=False),
        sa.Column("was_kept", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False, comment="in words for the client"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="the day it was due: what undo puts back"),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_proof_by_id_user")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_proof_commitment_id_commitment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index(op.f("ix_proof_commitment_id"), "proof", ["commitment_id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("visitor_id", sa.BigInteger(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("went_on", sa.Date(), nullable=True),
        sa.Column("heard_how", sa.String(length=8), nullable=True, comment="visit, call"),
        sa.Column("logic", sa.String(), nullable=True, comment="why the client does it so, in their logic"),
        sa.Column("comment_id", sa.BigInteger(), nullable=True, comment="the note it became"),
        sa.Column("commitment_id", sa.BigInteger(), nullable=True),
        sa.Column("no_commitment", sa.String(), nullable=True, comment="why nothing was promised there"),
        sa.Column("team_told_on", sa.Date(), nullable=True),
        sa.Column(
            "checked_words", sa.String(), nullable=True, comment="all clients checked: how, or why not"
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_visit_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_visit_account_id_account")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_visit_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_visit_issue_id_issue")),
        sa.ForeignKeyConstraint(["visitor_id"], ["user.id"], name=op.f("fk_visit_visitor_id_user")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_visit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_public_id")),
    )
    op.create_index(op.f("ix_visit_issue_id"), "visit", ["issue_id"], unique=False)
    op.create_table(
        "owed_reason",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_owed_reason_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_owed_reason_account_id_account")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_owed_reason_by_id_user")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", name=op.f("pk_owed_reason")),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("owed_reason")
    op.drop_index(op.f("ix_visit_issue_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_proof_commitment_id"), table_name="proof")
    op.drop_table("proof")
    op.drop_index(op.f("ix_commitment_to_commitment_id"), table_name="commitment_to")
    op.drop_table("commitment_to")
    op.drop_table("threshold")
    op.drop_index(op.f("ix_planned_change_issue_id"), table_name="planned_change")
    op.drop_table("planned_change")
    op.drop_table("edition")
    op.drop_index(op.f("ix_decision_issue_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_commitment_issue_id"), table_name="commitment")
    op.drop_index("ix_commitment_due", table_name="commitment")
    op.drop_table("commitment")
