"""Which themes a comment got or lost when it was last read again.

Why: a few corrections move far; people must see what moved, to correct it
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_h_theme_moves"
down_revision = "2026_11_22_g_written_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "theme_move",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("theme_id", sa.BigInteger(), nullable=False),
        sa.Column("rereading_id", sa.BigInteger(), nullable=False),
        sa.Column("gained", sa.Boolean(), nullable=False, comment="false: it lost the theme"),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_theme_move_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_theme_move_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["rereading_id"], ["rereading.id"], name=op.f("fk_theme_move_rereading_id_rereading")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_move_theme_id_theme")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", "theme_id", name=op.f("pk_theme_move")),
    )
    op.create_index(op.f("ix_theme_move_rereading_id"), "theme_move", ["rereading_id"], unique=False)


def downgrade() -> None:
    """Drops them."""
    op.drop_index(op.f("ix_theme_move_rereading_id"), table_name="theme_move")
    op.drop_table("theme_move")
