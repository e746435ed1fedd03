"""Answers that people write back by mail; how many comments there were at a look.

Why: whoever answers the mail itself has answered; one of us says which answer the words are, and nobody is reminded. A look
sees the newest 100,000; whether the next one is due depends on how many came since.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_g_written_answers"
down_revision = "2026_11_22_f_asking_together"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns."""
    op.add_column(
        "ask",
        sa.Column(
            "wrote_id",
            sa.BigInteger(),
            nullable=True,
            comment="a comment: the words this person wrote back by mail, until one of us says which answer they are",
        ),
    )
    op.add_column(
        "group_run",
        sa.Column(
            "stored",
            sa.BigInteger(),
            nullable=True,
            comment="how many there were then, in the window or not; empty: as many as it saw",
        ),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_column("group_run", "stored")
    op.drop_column("ask", "wrote_id")
