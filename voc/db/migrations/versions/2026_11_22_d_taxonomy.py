"""Themes in two levels, their versions, and changes that are only wished.

Why: a change of themes is looked at before it holds, and can be brought back after.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_d_taxonomy"
down_revision = "2026_11_22_c_teaching"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables and columns."""
    op.create_table(
        "theme_draft",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("wish", JSON, nullable=False),
        sa.Column(
            "state", sa.String(length=8), nullable=False, comment="waiting, ready, failed, applied, left"
        ),
        sa.Column(
            "mark",
            sa.BigInteger(),
            nullable=False,
            comment="new with each wish and each version: an older look is dropped",
        ),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "looked_version",
            sa.BigInteger(),
            nullable=True,
            comment="the version that the look compares with",
        ),
        sa.Column("looked", sa.BigInteger(), nullable=False, comment="comments looked at so far"),
        sa.Column("of", sa.BigInteger(), nullable=False, comment="comments to look at"),
        sa.Column("found", JSON, nullable=True, comment="what would change"),
        sa.Column(
            "trouble", sa.String(), nullable=True, comment="why it cannot be done or could not be looked at"
        ),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column(
            "moved_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was asked for, or a worker last got on with it",
        ),
        sa.Column("version", sa.BigInteger(), nullable=True, comment="the version it became"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'ready', 'failed', 'applied', 'left')",
            name=op.f("ck_theme_draft_state_known"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_theme_draft_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_draft")),
        sa.UniqueConstraint("public_id", name=op.f("uq_theme_draft_public_id")),
    )
    op.create_table(
        "theme_version",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column(
            "words",
            sa.String(),
            nullable=False,
            comment="what was changed, as one sentence without its subject",
        ),
        sa.Column("themes", JSON, nullable=False, comment="every theme, retired ones too"),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "was_looked_at",
            sa.Boolean(),
            nullable=False,
            comment="false: applied without knowing what it would change",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_theme_version_by_id_user")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_theme_version")),
    )
    _add_merged_into()
    op.add_column(
        "theme",
        sa.Column(
            "reads_as",
            sa.String(),
            nullable=True,
            comment="the name the machine learned, where people only gave it another one since",
        ),
    )
    op.add_column(
        "theme",
        sa.Column(
            "taught_by",
            JSON,
            nullable=True,
            comment="[comment's public id, start, end]: words of clients that show what is meant",
        ),
    )


def _add_merged_into() -> None:
    # SQLite takes a reference only together with its column.
    name = op.f("fk_theme_merged_into_id_theme")
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE theme ADD COLUMN merged_into_id BIGINT CONSTRAINT {name} REFERENCES theme (id)"
        )
        return
    words = "the theme that counts for this one since retired_at"
    op.add_column("theme", sa.Column("merged_into_id", sa.BigInteger(), nullable=True, comment=words))
    op.create_foreign_key(name, "theme", "theme", ["merged_into_id"], ["id"])


def downgrade() -> None:
    """Drops them; themes that were merged stay out of use."""
    if op.get_context().dialect.name != "sqlite":  # there the reference goes with its column
        op.drop_constraint(op.f("fk_theme_merged_into_id_theme"), "theme", type_="foreignkey")
    op.drop_column("theme", "taught_by")
    op.drop_column("theme", "reads_as")
    op.drop_column("theme", "merged_into_id")
    op.drop_table("theme_version")
    op.drop_table("theme_draft")
