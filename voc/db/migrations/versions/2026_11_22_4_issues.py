"""Issues, matches and what people decided about them.

Why: a match keeps its score, reasons and rule version, and every act can be undone.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_4_issues"
down_revision = "2026_11_22_3_readings"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "group_run",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("comments", sa.BigInteger(), nullable=False, comment="how many comments the run saw"),
        sa.Column("founded", sa.BigInteger(), nullable=False),
        sa.Column("not_grouped", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_run")),
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False, comment="the machine's words until a person names it"),
        sa.Column("is_named", sa.Boolean(), nullable=False, comment="a person named it"),
        sa.Column("words", JSON, nullable=False, comment="the words that mark it against the rest"),
        sa.Column(
            "behind", sa.String(length=20), nullable=True, comment="why it exists; empty: we do not know yet"
        ),
        sa.Column(
            "set_state",
            sa.String(length=10),
            nullable=True,
            comment="not_now, watching, done; others follow from facts",
        ),
        sa.Column(
            "set_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the state was set; mentions after done make it come back",
        ),
        sa.Column(
            "watch_until", sa.BigInteger(), nullable=True, comment="quiet until it reaches this many clients"
        ),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "behind IN ('changed_unasked', 'did_not_know', 'promised_otherwise', 'did_not_answer', 'other')",
            name=op.f("ck_issue_behind_known"),
        ),
        sa.CheckConstraint("set_state IN ('not_now', 'watching', 'done')", name=op.f("ck_issue_state_known")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_issue_not_into_itself")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["issue.id"], name=op.f("fk_issue_merged_into_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("public_id", name=op.f("uq_issue_public_id")),
    )
    op.create_index(op.f("ix_issue_merged_into_id"), "issue", ["merged_into_id"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=True),
        sa.Column("until_ms", sa.BigInteger(), nullable=False, comment="by the database's clock"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "issue_act",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "verb",
            sa.String(length=16),
            nullable=False,
            comment="name, confirm, refuse, move, merge, split, services, behind, state",
        ),
        sa.Column("before", JSON, nullable=False, comment="what undo puts back"),
        sa.Column("after", JSON, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_issue_act_by_id_user")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_act_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_act")),
        sa.UniqueConstraint("public_id", name=op.f("uq_issue_act_public_id")),
    )
    op.create_index(op.f("ix_issue_act_issue_id"), "issue_act", ["issue_id"], unique=False)
    op.create_table(
        "issue_service",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_service_issue_id_issue")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_issue_service_service_id_service")
        ),
        sa.PrimaryKeyConstraint("issue_id", "service_id", name=op.f("pk_issue_service")),
    )
    op.create_table(
        "match",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="machine, confirmed, refused"),
        sa.Column("score", sa.Double(), nullable=True, comment="in [0, 1]; empty when a person put it here"),
        sa.Column("reasons", JSON, nullable=False, comment="sentences a lead understands"),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('machine', 'confirmed', 'refused')", name=op.f("ck_match_state_known")),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_match_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_match_account_id_account")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_match_by_id_user")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_match_issue_id_issue")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", "issue_id", name=op.f("pk_match")),
    )
    op.create_index("ix_match_issue", "match", ["issue_id", "state", "account_id"], unique=False)


def downgrade() -> None:
    """Drops them."""
    op.drop_index("ix_match_issue", table_name="match")
    op.drop_table("match")
    op.drop_table("issue_service")
    op.drop_index(op.f("ix_issue_act_issue_id"), table_name="issue_act")
    op.drop_table("issue_act")
    op.drop_table("lease")
    op.drop_index(op.f("ix_issue_merged_into_id"), table_name="issue")
    op.drop_table("issue")
    op.drop_table("group_run")
