"""Updates, whom they told, and sign-off.

Why: every client hears in its own thread, and only a client says that something is solved.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_9_closure"
down_revision = "2026_11_22_8_leadership"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "others_said_so",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column(
            "is_true", sa.Boolean(), nullable=False, comment="enough other groups, looked at once a day"
        ),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_others_said_so_by_id_user")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_others_said_so_issue_id_issue")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_others_said_so")),
    )
    op.create_table(
        "update",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column(
            "issue_id", sa.BigInteger(), nullable=True, comment="empty: a word to one client about one thread"
        ),
        sa.Column("check_id", sa.BigInteger(), nullable=True, comment="the question whose outcome it tells"),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True, comment="why it happened; solved needs it"),
        sa.Column("action", sa.String(), nullable=True, comment="what was changed; solved needs it"),
        sa.Column("mentions_others", sa.Boolean(), nullable=False),
        sa.Column(
            "next_word_by",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when those it tells hear from us again; empty: nothing promised",
        ),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "left_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it left the house; empty: waits or was stopped",
        ),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('update', 'outcome', 'thanks', 'solved', 'correction')",
            name=op.f("ck_update_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('looking', 'decided', 'changing', 'done', 'not_now')",
            name=op.f("ck_update_status_known"),
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["mail_batch.id"], name=op.f("fk_update_batch_id_mail_batch")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_update_by_id_user")),
        sa.ForeignKeyConstraint(["check_id"], ["check.id"], name=op.f("fk_update_check_id_check")),
        sa.ForeignKeyConstraint(["corrects_id"], ["update.id"], name=op.f("fk_update_corrects_id_update")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_update_decision_id_decision")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_update_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update")),
        sa.UniqueConstraint("public_id", name=op.f("uq_update_public_id")),
    )
    op.create_index(op.f("ix_update_issue_id"), "update", ["issue_id"], unique=False)
    op.create_table(
        "sign_off",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("says", sa.String(length=4), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment_id", sa.BigInteger(), nullable=True, comment="the words beside a no"),
        sa.Column(
            "satisfaction",
            sa.BigInteger(),
            nullable=True,
            comment="1 (bad) to 5 (good): how we went about it",
        ),
        sa.CheckConstraint("says IN ('yes', 'no', 'none')", name=op.f("ck_sign_off_says_known")),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name=op.f("ck_sign_off_satisfaction_known")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_sign_off_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_off_account_id_account")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_sign_off_issue_id_issue")),
        sa.ForeignKeyConstraint(["update_id"], ["update.id"], name=op.f("fk_sign_off_update_id_update")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_sign_off")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sign_off_public_id")),
    )
    op.create_index(op.f("ix_sign_off_issue_id"), "sign_off", ["issue_id"], unique=False)
    op.create_index("ix_sign_off_open", "sign_off", ["says", "closes_at"], unique=False)
    op.create_table(
        "taken_out",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("before", JSON, nullable=False, comment="the matches that undo puts back"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "looked_at", sa.DateTime(timezone=True), nullable=True, comment="when one of us had seen it"
        ),
        sa.Column("looked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "thread_id"],
            ["thread.account_id", "thread.id"],
            name=op.f("fk_taken_out_account_id_thread_id_thread"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_taken_out_account_id_account")),
        sa.ForeignKeyConstraint(["looked_by_id"], ["user.id"], name=op.f("fk_taken_out_looked_by_id_user")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_taken_out")),
        sa.UniqueConstraint("public_id", name=op.f("uq_taken_out_public_id")),
    )
    op.create_index("ix_taken_out_open", "taken_out", ["looked_at"], unique=False)
    op.create_table(
        "told",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "thread_id",
            sa.BigInteger(),
            nullable=True,
            comment="the thread it stands in; empty: asked, said nothing",
        ),
        sa.Column("title", sa.String(), nullable=True, comment="the client's own first words"),
        sa.Column(
            "why", sa.String(), nullable=False, comment="why this person hears it, in words for our people"
        ),
        sa.Column(
            "words", sa.String(), nullable=True, comment="words for this client alone; empty: the update's"
        ),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "shown_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it began to stand in the thread",
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_told_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_told_account_id_account")),
        sa.ForeignKeyConstraint(["update_id"], ["update.id"], name=op.f("fk_told_update_id_update")),
        sa.PrimaryKeyConstraint("account_id", "update_id", "contact_id", name=op.f("pk_told")),
    )
    op.create_index("ix_told_thread", "told", ["account_id", "thread_id"], unique=False)
    op.create_index(op.f("ix_told_update_id"), "told", ["update_id"], unique=False)


def downgrade() -> None:
    """Drops them."""
    op.drop_index(op.f("ix_told_update_id"), table_name="told")
    op.drop_index("ix_told_thread", table_name="told")
    op.drop_table("told")
    op.drop_index("ix_taken_out_open", table_name="taken_out")
    op.drop_table("taken_out")
    op.drop_index("ix_sign_off_open", table_name="sign_off")
    op.drop_index(op.f("ix_sign_off_issue_id"), table_name="sign_off")
    op.drop_table("sign_off")
    op.drop_index(op.f("ix_update_issue_id"), table_name="update")
    op.drop_table("update")
    op.drop_table("others_said_so")
