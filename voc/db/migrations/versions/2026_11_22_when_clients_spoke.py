"""When each client first and last said something, and the way from raw rows to comments.

Why: the client list counts those who never said anything without looking through all comments; an
import asks for every row whether it came before. New columns are empty until filled from what is stored.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_when_clients_spoke"
down_revision = "2026_11_22_first_tables"
branch_labels = None
depends_on = None

_FILL = """
UPDATE account SET {column} = (
    SELECT {pick}(comment.said_at) FROM comment JOIN account AS site ON site.id = comment.account_id
    WHERE (site.id = account.id OR site.group_id = account.id) AND comment.sender_confirmed
)
"""


def upgrade() -> None:
    """Adds the columns and the index, and fills them."""
    op.add_column(
        "account",
        sa.Column(
            "first_said_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it, or for a group one of its sites, first told us something; empty: never",
        ),
    )
    op.add_column(
        "account",
        sa.Column(
            "last_said_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the same, last; kept to the minute",
        ),
    )
    op.create_index("ix_comment_raw", "comment", ["raw_id"], unique=False)
    op.execute(_FILL.format(column="first_said_at", pick="min"))
    op.execute(_FILL.format(column="last_said_at", pick="max"))


def downgrade() -> None:
    """Takes them away."""
    op.drop_index("ix_comment_raw", table_name="comment")
    op.drop_column("account", "last_said_at")
    op.drop_column("account", "first_said_at")
