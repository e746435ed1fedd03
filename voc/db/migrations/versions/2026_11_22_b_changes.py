"""When something was changed about an issue.

Why: what clients said before a change says nothing about after, so evidence must not cross it.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_b_changes"
down_revision = "2026_11_22_a_estimates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "issue_change",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind", sa.String(length=10), nullable=False, comment="decision: a decision was marked as done"
        ),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_issue_change_by_id_user")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_change_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_change")),
    )
    op.create_index(op.f("ix_issue_change_issue_id"), "issue_change", ["issue_id"], unique=False)


def downgrade() -> None:
    """Drops it."""
    op.drop_index(op.f("ix_issue_change_issue_id"), table_name="issue_change")
    op.drop_table("issue_change")
