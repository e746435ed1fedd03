"""Evidence, cells and sums.

Why: evidence is only ever added; cells and sums are derived from it.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_5_the_grid"
down_revision = "2026_11_22_4_issues"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "cell",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "reach",
            sa.String(length=8),
            nullable=True,
            comment="told, said_yes, seen: by which evidence it counts",
        ),
        sa.Column("evidence_id", sa.BigInteger(), nullable=True, comment="the best evidence"),
        sa.Column(
            "mentions",
            sa.BigInteger(),
            nullable=False,
            comment="comments of the group that stand in the issue",
        ),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule_version", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "state IN ('has_problem', 'has_manages', 'has_not', 'reported', 'unclear', 'solved', 'waiting', 'no_answer', 'prefers_not', 'not_asked', 'not_applicable')",
            name=op.f("ck_cell_state_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_cell_account_id_account")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_cell_issue_id_issue")),
        sa.PrimaryKeyConstraint("account_id", "issue_id", name=op.f("pk_cell")),
    )
    op.create_index(op.f("ix_cell_issue_id"), "cell", ["issue_id"], unique=False)
    op.create_table(
        "issue_sum",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("has_it", sa.BigInteger(), nullable=False, comment="groups: has_problem and has_manages"),
        sa.Column("told", sa.BigInteger(), nullable=False, comment="of these, told us unasked"),
        sa.Column("said_yes", sa.BigInteger(), nullable=False, comment="of these, said yes when asked"),
        sa.Column("seen", sa.BigInteger(), nullable=False, comment="of these, seen by our staff"),
        sa.Column("reported", sa.BigInteger(), nullable=False, comment="groups matched by machine only"),
        sa.Column("has_not", sa.BigInteger(), nullable=False),
        sa.Column("unclear", sa.BigInteger(), nullable=False),
        sa.Column("applies", sa.BigInteger(), nullable=False, comment="groups the issue applies to, today"),
        sa.Column("comments", sa.BigInteger(), nullable=False),
        sa.Column("segments", sa.BigInteger(), nullable=False, comment="segments with it or reported"),
        sa.Column(
            "value_cents",
            sa.BigInteger(),
            nullable=False,
            comment="yearly value of groups that have it or reported it",
        ),
        sa.Column("loudest_account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "loudest_share",
            sa.Double(),
            nullable=True,
            comment="of the comments, by the client who told us most",
        ),
        sa.Column(
            "severity",
            sa.BigInteger(),
            nullable=True,
            comment="median of its groups' worst; empty: not known",
        ),
        sa.Column("escalations", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_sum_issue_id_issue")),
        sa.ForeignKeyConstraint(
            ["loudest_account_id"], ["account.id"], name=op.f("fk_issue_sum_loudest_account_id_account")
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_sum")),
    )
    op.create_table(
        "evidence",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "issue_id", sa.BigInteger(), nullable=False, comment="for ever the issue it was recorded for"
        ),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("says", sa.String(length=16), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="our person who set or confirmed it"),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False, comment="when it was so"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when we learned it"),
        sa.CheckConstraint(
            "says IN ('has_problem', 'has_manages', 'has_not', 'unsure', 'solved', 'not_applicable', 'prefers_not', 'withdrawn')",
            name=op.f("ck_evidence_says_known"),
        ),
        sa.CheckConstraint(
            "source IN ('person', 'answer', 'confirmed', 'staff', 'machine', 'sign_off')",
            name=op.f("ck_evidence_source_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_evidence_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_account_id_account")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_evidence_issue_id_issue")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_evidence_user_id_user")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_comment", "evidence", ["account_id", "comment_id"], unique=False)
    op.create_index("ix_evidence_issue", "evidence", ["issue_id", "account_id"], unique=False)


def downgrade() -> None:
    """Drops them."""
    op.drop_index("ix_evidence_issue", table_name="evidence")
    op.drop_index("ix_evidence_comment", table_name="evidence")
    op.drop_table("evidence")
    op.drop_table("issue_sum")
    op.drop_index(op.f("ix_cell_issue_id"), table_name="cell")
    op.drop_table("cell")
