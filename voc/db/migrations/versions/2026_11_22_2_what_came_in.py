"""What came in, the comments made of it, and the work still to be done.

Why: raw, comment and work row are stored in one transaction, so that nothing accepted is lost.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_2_what_came_in"
down_revision = "2026_11_22_1_people_and_clients"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False, comment="comments, accounts, usage"),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("rows_seen", sa.BigInteger(), nullable=False),
        sa.Column("rows_new", sa.BigInteger(), nullable=False),
        sa.Column("rows_known", sa.BigInteger(), nullable=False),
        sa.Column("rows_refused", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, comment="running, done, stopped"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_import_run_public_id")),
        sa.UniqueConstraint(
            "what", "file_hash", "started_at", name=op.f("uq_import_run_what_file_hash_started_at")
        ),
    )
    op.create_table(
        "slot",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("slot_on", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "slot_on", name=op.f("pk_slot")),
    )
    op.create_table(
        "raw",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True, comment="empty until matched"),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column(
            "dedupe_key",
            sa.String(length=64),
            nullable=False,
            comment="account, channel and the sender's own id for it: the same thing twice is one row",
        ),
        sa.Column(
            "body_hash",
            sa.String(length=32),
            nullable=False,
            comment="tells a repeat from a key used for something else",
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_raw_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_raw_dedupe_key")),
    )
    op.create_table(
        "thread",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("receipt", sa.String(length=9), nullable=False, comment="short, random, counts nothing"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "next_word_by",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when we promised to write; empty: nothing promised",
        ),
        sa.Column("named_user_id", sa.BigInteger(), nullable=True, comment="our person named on the receipt"),
        sa.Column(
            "contact_id",
            sa.BigInteger(),
            nullable=True,
            comment="the contact who said it; empty when not known",
        ),
        sa.Column(
            "hidden_from_id",
            sa.BigInteger(),
            nullable=True,
            comment="not to be seen by, named to or answered by this colleague",
        ),
        sa.Column(
            "hidden_name",
            sa.String(),
            nullable=True,
            comment="as typed, when we cannot tell which colleague is meant: only leads see it then",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_thread_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_thread_account_id_account")),
        sa.ForeignKeyConstraint(["hidden_from_id"], ["user.id"], name=op.f("fk_thread_hidden_from_id_user")),
        sa.ForeignKeyConstraint(["named_user_id"], ["user.id"], name=op.f("fk_thread_named_user_id_user")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_thread")),
        sa.UniqueConstraint("public_id", name=op.f("uq_thread_public_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_thread_receipt")),
    )
    op.create_table(
        "comment",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "source", sa.String(length=12), nullable=False, comment="unasked, prompted, answer, staff_note"
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "hurt",
            sa.BigInteger(),
            nullable=True,
            comment="1 annoys, 2 slows, 4 stops, 8 may leave; empty: not said",
        ),
        sa.Column("touches", sa.String(), nullable=True, comment="what it touches, in the client's words"),
        sa.Column("would_solve", sa.String(), nullable=True),
        sa.Column("wants_senior", sa.Boolean(), nullable=False),
        sa.Column("may_ask_others", sa.Boolean(), nullable=False),
        sa.Column(
            "sender_confirmed",
            sa.Boolean(),
            nullable=False,
            comment="false: came by public link, not recognised yet",
        ),
        sa.Column("sender_name", sa.String(), nullable=True, comment="as typed by an unconfirmed sender"),
        sa.Column("sender_email", sa.String(), nullable=True),
        sa.Column("noted_by_id", sa.BigInteger(), nullable=True, comment="our person who wrote the note"),
        sa.Column(
            "heard_how",
            sa.String(length=8),
            nullable=True,
            comment="where our person heard it: call, visit, other",
        ),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False, comment="when the client said it"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, comment="when it came to us"),
        sa.Column(
            "contact_id",
            sa.BigInteger(),
            nullable=True,
            comment="the contact who said it; empty when not known",
        ),
        sa.Column(
            "hidden_from_id",
            sa.BigInteger(),
            nullable=True,
            comment="not to be seen by, named to or answered by this colleague",
        ),
        sa.Column(
            "hidden_name",
            sa.String(),
            nullable=True,
            comment="as typed, when we cannot tell which colleague is meant: only leads see it then",
        ),
        sa.CheckConstraint(
            "channel IN ('form', 'link', 'email', 'staff_note', 'api', 'import')",
            name=op.f("ck_comment_channel_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('comment', 'escalation', 'praise', 'suggestion', 'termination', 'answer')",
            name=op.f("ck_comment_kind_known"),
        ),
        sa.CheckConstraint(
            "source IN ('unasked', 'prompted', 'answer', 'staff_note')", name=op.f("ck_comment_source_known")
        ),
        sa.CheckConstraint("hurt IN (1, 2, 4, 8)", name=op.f("ck_comment_hurt_known")),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_comment_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "thread_id"],
            ["thread.account_id", "thread.id"],
            name=op.f("fk_comment_account_id_thread_id_thread"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_comment_account_id_account")),
        sa.ForeignKeyConstraint(["hidden_from_id"], ["user.id"], name=op.f("fk_comment_hidden_from_id_user")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["user.id"], name=op.f("fk_comment_noted_by_id_user")),
        sa.ForeignKeyConstraint(["raw_id"], ["raw.id"], name=op.f("fk_comment_raw_id_raw")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_comment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_comment_public_id")),
    )
    op.create_index("ix_comment_raw", "comment", ["raw_id"], unique=False)
    op.create_index("ix_comment_said_at", "comment", ["said_at"], unique=False)
    op.create_index("ix_comment_thread", "comment", ["thread_id"], unique=False)
    op.create_table(
        "work",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False, comment="read, match"),
        sa.Column(
            "token", sa.BigInteger(), nullable=True, comment="the claim that holds it; empty while it waits"
        ),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=False, comment="by the database's clock"),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column(
            "set_aside", sa.Boolean(), nullable=False, comment="failed three times; a person looks at it"
        ),
        sa.Column("error", sa.String(), nullable=True, comment="the last failure in one line"),
        sa.ForeignKeyConstraint(
            ["account_id", "comment_id"],
            ["comment.account_id", "comment.id"],
            name=op.f("fk_work_account_id_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_work_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "comment_id", "stage", name=op.f("pk_work")),
    )
    op.create_index(
        "ix_work_waiting", "work", ["stage", "set_aside", "lease_until_ms", "comment_id"], unique=False
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_index("ix_work_waiting", table_name="work")
    op.drop_table("work")
    op.drop_index("ix_comment_thread", table_name="comment")
    op.drop_index("ix_comment_said_at", table_name="comment")
    op.drop_index("ix_comment_raw", table_name="comment")
    op.drop_table("comment")
    op.drop_table("thread")
    op.drop_table("raw")
    op.drop_table("slot")
    op.drop_table("import_run")
