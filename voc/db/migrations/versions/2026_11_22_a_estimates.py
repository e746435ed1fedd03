"""Estimates, forecasts and spread alerts.

Why: pages read one row an issue; what was predicted is frozen before it can be known.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_a_estimates"
down_revision = "2026_11_22_9_closure"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "shared_prior",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("issues", sa.BigInteger(), nullable=False, comment="how many issues it was learned from"),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_prior")),
    )
    op.create_table(
        "estimate_due",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "mark",
            sa.BigInteger(),
            nullable=False,
            comment="changes with each change, so that none is lost while fitting",
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_estimate_due_issue_id_issue")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_estimate_due")),
    )
    op.create_table(
        "forecast",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("groups", sa.LargeBinary(), nullable=False, comment="those that had not reported it yet"),
        sa.Column("shares", sa.LargeBinary(), nullable=False),
        sa.Column(
            "came", sa.LargeBinary(), nullable=True, comment="one byte each, 1: it reported; empty: too early"
        ),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_forecast_issue_id_issue")),
        sa.PrimaryKeyConstraint("issue_id", "month_on", name=op.f("pk_forecast")),
    )
    op.create_table(
        "issue_estimate",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("clients", sa.BigInteger(), nullable=False, comment="groups it applies to"),
        sa.Column(
            "unheard",
            sa.BigInteger(),
            nullable=False,
            comment="of these, groups we do not know, as the wall has it",
        ),
        sa.Column("count_mean", sa.Double(), nullable=False, comment="groups that have it, heard or not"),
        sa.Column("count_low", sa.Double(), nullable=False),
        sa.Column("count_high", sa.Double(), nullable=False),
        sa.Column("likely_mean", sa.Double(), nullable=False, comment="those that have it among the unheard"),
        sa.Column("likely_low", sa.Double(), nullable=False),
        sa.Column("likely_high", sa.Double(), nullable=False),
        sa.Column("value_mean_cents", sa.BigInteger(), nullable=False),
        sa.Column("value_low_cents", sa.BigInteger(), nullable=False),
        sa.Column("value_high_cents", sa.BigInteger(), nullable=False),
        sa.Column("flag", sa.String(length=12), nullable=False, comment="ok, wide, insufficient"),
        sa.Column("is_borrowed", sa.Boolean(), nullable=False, comment="rests mostly on other issues"),
        sa.Column(
            "has_skill", sa.Boolean(), nullable=False, comment="whether single clients' chances may be shown"
        ),
        sa.Column("top_share", sa.Double(), nullable=True, comment="the chance to be among the five widest"),
        sa.Column(
            "ask_more", sa.BigInteger(), nullable=True, comment="how many answers would settle the threshold"
        ),
        sa.Column("next_asks", JSON, nullable=False, comment="groups to ask next, in order"),
        sa.Column("witnesses", JSON, nullable=False),
        sa.Column(
            "groups", sa.LargeBinary(), nullable=False, comment="their ids: 8 bytes each, little-endian"
        ),
        sa.Column(
            "shares",
            sa.LargeBinary(),
            nullable=False,
            comment="each one's chance to have it: 2 bytes of 65535",
        ),
        sa.Column(
            "speaks", sa.LargeBinary(), nullable=False, comment="to mention it within 8 weeks: the same"
        ),
        sa.Column("draws", sa.LargeBinary(), nullable=False, comment="draws of the count: 4-byte floats"),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_estimate_issue_id_issue")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_estimate")),
    )
    op.create_table(
        "spread_alert",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind", sa.String(length=10), nullable=False, comment="client, segment, reached, came_back"
        ),
        sa.Column("what", sa.String(), nullable=False, comment="the group's id, the segment, the number"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_spread_alert_issue_id_issue")),
        sa.ForeignKeyConstraint(
            ["looked_by_id"], ["user.id"], name=op.f("fk_spread_alert_looked_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spread_alert")),
        sa.UniqueConstraint("issue_id", "kind", "what", name=op.f("uq_spread_alert_issue_id_kind_what")),
        sa.UniqueConstraint("public_id", name=op.f("uq_spread_alert_public_id")),
    )
    op.create_index(op.f("ix_spread_alert_issue_id"), "spread_alert", ["issue_id"], unique=False)


def downgrade() -> None:
    """Drops them."""
    op.drop_index(op.f("ix_spread_alert_issue_id"), table_name="spread_alert")
    op.drop_table("spread_alert")
    op.drop_table("issue_estimate")
    op.drop_table("forecast")
    op.drop_table("estimate_due")
    op.drop_table("shared_prior")
