"""Questions to one person in one mail; when a past question was foretold.

Why: a person who is asked about several issues gets one mail, and a forecast reckoned afterwards must say so.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_f_asking_together"
down_revision = "2026_11_22_e_proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns."""
    op.add_column(
        "ask",
        sa.Column(
            "mail_ask_id",
            sa.BigInteger(),
            nullable=True,
            comment="the ask of the same person whose mail this one travels in; empty: it has its own",
        ),
    )
    op.add_column(
        "check",
        sa.Column(
            "foretold_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its chances were reckoned from what was known as it left; empty: they were kept then",
        ),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_column("check", "foretold_at")
    op.drop_column("ask", "mail_ask_id")
