"""What the machine learns from corrections, by which numbers, and what it reads again.

Why: a correction is to hold for the next comment, and people are to see what was learned and how well.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_c_teaching"
down_revision = "2026_11_22_b_changes"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_COUNTS = {
    "called": "held-out comments it gave this theme",
    "right": "of those, how many are of it",
    "were": "held-out comments that are of this theme",
    "labels": "labels on this theme when it learned",
    "newest_label": "the newest of those labels; 0 for none",
}
_WORDS = {
    "about": (64, "fingerprint of the words it began with"),
    "pipeline": (30, "version it can be used with"),
}


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "model_set",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("pipeline", sa.String(length=30), nullable=False, comment="version it was given for"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_model_set")),
    )
    op.create_table(
        "teaching_look",
        sa.Column("name", sa.String(length=12), nullable=False),
        sa.Column("labels", sa.BigInteger(), nullable=False),
        sa.Column("newest_label", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_teaching_look")),
    )
    op.create_table(
        "rereading",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False, comment="false: only the window of 26 weeks"),
        sa.Column("wanted_by_id", sa.BigInteger(), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False, comment="ended by a person before all was read"),
        sa.Column(
            "total", sa.BigInteger(), nullable=False, comment="comments to read again, counted when it began"
        ),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column(
            "changed", sa.BigInteger(), nullable=False, comment="of those, how many have other themes now"
        ),
        sa.Column(
            "below", sa.BigInteger(), nullable=True, comment="comments from this id on are done; newest first"
        ),
        sa.ForeignKeyConstraint(["wanted_by_id"], ["user.id"], name=op.f("fk_rereading_wanted_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rereading")),
    )
    op.add_column(
        "label",
        sa.Column(
            "machine_said",
            JSON,
            nullable=True,
            comment="keys of the themes the machine showed when the person spoke of a theme",
        ),
    )
    op.create_index("ix_reading_comment", "reading", ["comment_id"], unique=False)
    for name, words in _COUNTS.items():
        column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0", comment=words)
        op.add_column("theme_head", column)
    for name, (length, words) in _WORDS.items():
        worded = sa.Column(name, sa.String(length), nullable=False, server_default="", comment=words)
        op.add_column("theme_head", worded)


def downgrade() -> None:
    """Drops them."""
    for name in reversed([*_COUNTS, *_WORDS]):
        op.drop_column("theme_head", name)
    op.drop_index("ix_reading_comment", table_name="reading")
    op.drop_column("label", "machine_said")
    op.drop_table("rereading")
    op.drop_table("teaching_look")
    op.drop_table("model_set")
