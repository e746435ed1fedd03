"""Proposals to a lead, and why a comment stands in no issue.

Why: issues that people named are never changed by a machine, so it asks; and what is not grouped says why.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_e_proposals"
down_revision = "2026_11_22_d_taxonomy"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column(
            "issue_id", sa.BigInteger(), nullable=False, comment="would give way, be parted, or lose comments"
        ),
        sa.Column(
            "other_id",
            sa.BigInteger(),
            nullable=True,
            comment="would count for both, or gain; empty for a split",
        ),
        sa.Column(
            "comments",
            JSON,
            nullable=False,
            comment="[account_id, id] of those that would go; empty for a merge",
        ),
        sa.Column("name", sa.String(), nullable=True, comment="a split: what the new issue could be called"),
        sa.Column(
            "similarity", sa.Double(), nullable=False, comment="in [0, 1]: how alike the two sides are"
        ),
        sa.Column(
            "strength",
            sa.Double(),
            nullable=False,
            comment="in [0, 1]: how sure the machine is; the surest comes first",
        ),
        sa.Column("reason", sa.String(), nullable=False, comment="a sentence a lead understands"),
        sa.Column("words", JSON, nullable=False, comment="what marks each side, to be highlighted"),
        sa.Column(
            "sizes",
            JSON,
            nullable=False,
            comment="comments of both sides; a refused one comes back only when both have doubled",
        ),
        sa.Column("rule_version", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True, comment="who said yes or no"),
        sa.Column(
            "at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was answered, or its ground vanished",
        ),
        sa.Column("act_id", sa.BigInteger(), nullable=True, comment="what was done when accepted"),
        sa.CheckConstraint("(other_id IS NULL) = (kind = 'split')", name=op.f("ck_proposal_two_sides")),
        sa.CheckConstraint("kind IN ('merge', 'split', 'move')", name=op.f("ck_proposal_kind_known")),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'refused', 'gone')", name=op.f("ck_proposal_state_known")
        ),
        sa.ForeignKeyConstraint(["act_id"], ["issue_act.id"], name=op.f("fk_proposal_act_id_issue_act")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_proposal_by_id_user")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_proposal_issue_id_issue")),
        sa.ForeignKeyConstraint(["other_id"], ["issue.id"], name=op.f("fk_proposal_other_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_public_id")),
    )
    op.create_index(op.f("ix_proposal_act_id"), "proposal", ["act_id"], unique=False)
    op.create_index(op.f("ix_proposal_issue_id"), "proposal", ["issue_id"], unique=False)
    op.create_index(
        "ix_proposal_open_once",
        "proposal",
        ["kind", "issue_id", "other_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_proposal_other_id"), "proposal", ["other_id"], unique=False)
    op.create_index("ix_proposal_state", "proposal", ["state", "strength"], unique=False)
    op.create_table(
        "ungrouped",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "why",
            sa.String(length=12),
            nullable=False,
            comment="small_talk, nothing_near, few, one_client, no_concern, taken_out",
        ),
        sa.Column(
            "near", JSON, nullable=False, comment="up to three [issue_id, similarity], the nearest first"
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "why IN ('small_talk', 'nothing_near', 'few', 'one_client', 'no_concern', 'taken_out')",
            name=op.f("ck_ungrouped_why_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_ungrouped_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ungrouped_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", name=op.f("pk_ungrouped")),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("ungrouped")
    op.drop_index("ix_proposal_state", table_name="proposal")
    op.drop_index(op.f("ix_proposal_other_id"), table_name="proposal")
    op.drop_index(
        "ix_proposal_open_once",
        table_name="proposal",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_proposal_issue_id"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_act_id"), table_name="proposal")
    op.drop_table("proposal")
