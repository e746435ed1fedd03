"""When the chances of a finished question were reckoned.

Why: a question that left before this installation could foretell it is foretold afterwards, and must say so.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_f_asking_together"
down_revision = "2026_11_22_e_proposals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables."""
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
