"""Answers that people write back by mail.

Why: whoever answers the mail itself has answered; one of us says which answer the words are, and nobody is reminded.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_g_written_answers"
down_revision = "2026_11_22_f_asking_together"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column(
        "ask",
        sa.Column(
            "wrote_id",
            sa.BigInteger(),
            nullable=True,
            comment="a comment: the words this person wrote back by mail, until one of us says which answer they are",
        ),
    )


def downgrade() -> None:
    """Drops it."""
    op.drop_column("ask", "wrote_id")
