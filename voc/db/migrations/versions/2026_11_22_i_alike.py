"""Comments that are alike, so that a lead settles them together.

Why: hundreds wait one by one; what says the same is settled in one act and taken back in one
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_i_alike"
down_revision = "2026_11_22_h_theme_moves"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "alike",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("words", JSON, nullable=False, comment="what marks them against the others that wait"),
        sa.Column("name", sa.String(), nullable=False, comment="what an issue of them could be called"),
        sa.Column(
            "near",
            JSON,
            nullable=False,
            comment="up to three [theme_id, share of those most like them], the largest first",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alike")),
    )
    op.create_table(
        "alike_comment",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("alike_id", sa.BigInteger(), nullable=True, comment="empty: no other is like it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when it was compared"),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_alike_comment_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_alike_comment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["alike_id"], ["alike.id"], name=op.f("fk_alike_comment_alike_id_alike"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "comment_id", name=op.f("pk_alike_comment")),
    )
    op.create_index(op.f("ix_alike_comment_alike_id"), "alike_comment", ["alike_id"], unique=False)
    op.create_table(
        "no_problem",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "together", sa.String(length=26), nullable=False, comment="the one act in which it was said"
        ),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_no_problem_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_no_problem_account_id_account")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_no_problem_by_id_user")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", name=op.f("pk_no_problem")),
    )
    op.create_index(op.f("ix_no_problem_together"), "no_problem", ["together"], unique=False)
    op.add_column(
        "label",
        sa.Column(
            "together",
            sa.String(length=26),
            nullable=True,
            comment="the one act in which it was said of several comments",
        ),
    )
    op.create_index(op.f("ix_label_together"), "label", ["together"], unique=False)


def downgrade() -> None:
    """Drops them."""
    op.drop_index(op.f("ix_label_together"), table_name="label")
    op.drop_column("label", "together")
    op.drop_index(op.f("ix_no_problem_together"), table_name="no_problem")
    op.drop_table("no_problem")
    op.drop_index(op.f("ix_alike_comment_alike_id"), table_name="alike_comment")
    op.drop_table("alike_comment")
    op.drop_table("alike")
