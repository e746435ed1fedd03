"""Themes, readings by the machine and labels by people.

Why: the first reading is kept for ever and a person's label always wins.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_3_readings"
down_revision = "2026_11_22_2_what_came_in"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "theme",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(), nullable=False, comment="stable word the readers use"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("examples", JSON, nullable=False, comment="sentences that show what is meant"),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["theme.id"], name=op.f("fk_theme_parent_id_theme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("key", name=op.f("uq_theme_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_theme_public_id")),
    )
    op.create_table(
        "theme_head",
        sa.Column("theme_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("arrays", sa.LargeBinary(), nullable=False),
        sa.Column("learned_from", sa.BigInteger(), nullable=False, comment="number of people's corrections"),
        sa.Column("precision", sa.Double(), nullable=True, comment="on held-out corrections, in [0, 1]"),
        sa.Column("recall", sa.Double(), nullable=True, comment="on held-out corrections, in [0, 1]"),
        sa.Column("held_out", sa.BigInteger(), nullable=False, comment="number behind the two scores"),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_head_theme_id_theme")),
        sa.PrimaryKeyConstraint("theme_id", "version", name=op.f("pk_theme_head")),
    )
    op.create_table(
        "first_reading",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_first_reading_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_first_reading_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "comment_id", name=op.f("pk_first_reading")),
    )
    op.create_table(
        "label",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind", sa.String(length=12), nullable=False, comment="theme, severity, escalation, departure"
        ),
        sa.Column("value", sa.String(), nullable=False, comment="a theme's key, a severity's number"),
        sa.Column("holds", sa.Boolean(), nullable=False, comment="false: the person says it is not this"),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('theme', 'severity', 'escalation', 'departure')", name=op.f("ck_label_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_label_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_label_account_id_account")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_label_by_id_user")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_label")),
    )
    op.create_index("ix_label_comment", "label", ["account_id", "comment_id"], unique=False)
    op.create_table(
        "reading",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "version", sa.String(length=40), nullable=False, comment="pipeline version and model-set number"
        ),
        sa.Column("language", sa.String(length=8), nullable=True, comment="ISO 639-1; empty: could not tell"),
        sa.Column("read_by_machine", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=True, comment="why something is empty, in words"),
        sa.Column("unsure", sa.Boolean(), nullable=False, comment="no theme was sure enough"),
        sa.Column(
            "severity", sa.BigInteger(), nullable=True, comment="1 annoys, 2 slows, 4 stops, 8 leaving"
        ),
        sa.Column("sentiment", sa.Double(), nullable=True, comment="-1 to 1"),
        sa.Column(
            "escalation", sa.Double(), nullable=True, comment="score of a wish for someone senior; a proposal"
        ),
        sa.Column("departure", sa.Double(), nullable=True, comment="score of a wish to leave; a proposal"),
        sa.Column(
            "signals", JSON, nullable=False, comment="span and reason of severity, escalation, departure"
        ),
        sa.Column("masks", JSON, nullable=False, comment="[start, end, kind] in code points of the text"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_reading_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reading_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", name=op.f("pk_reading")),
    )
    op.create_table(
        "reading_theme",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("theme_id", sa.BigInteger(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False, comment="calibrated, in [0, 1]"),
        sa.Column(
            "starts_at", sa.BigInteger(), nullable=True, comment="span in code points of the text, half-open"
        ),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_reading_theme_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_reading_theme_account_id_account")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_reading_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", "theme_id", name=op.f("pk_reading_theme")),
    )
    op.create_index(op.f("ix_reading_theme_theme_id"), "reading_theme", ["theme_id"], unique=False)
    op.create_table(
        "vector",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False, comment="256 little-endian float16"),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_vector_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_vector_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", name=op.f("pk_vector")),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("vector")
    op.drop_index(op.f("ix_reading_theme_theme_id"), table_name="reading_theme")
    op.drop_table("reading_theme")
    op.drop_table("reading")
    op.drop_index("ix_label_comment", table_name="label")
    op.drop_table("label")
    op.drop_table("first_reading")
    op.drop_table("theme_head")
    op.drop_table("theme")
