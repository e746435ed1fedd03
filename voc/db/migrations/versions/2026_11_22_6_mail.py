"""Mail: what leaves, what came back, links, and whom we may write to.

Why: a mail has its row, its Message-ID and its link before it leaves, so that no crash doubles or loses one.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_6_mail"
down_revision = "2026_11_22_5_the_grid"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "address_rule",
        sa.Column("email_key", sa.String(), nullable=False, comment="case-folded e-mail address"),
        sa.Column("rule", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True, comment="empty: the person themself, or a bounce"),
        sa.CheckConstraint(
            "rule IN ('no_questions', 'no_mail', 'bounces')", name=op.f("ck_address_rule_rule_known")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_address_rule_by_id_user")),
        sa.PrimaryKeyConstraint("email_key", "rule", name=op.f("pk_address_rule")),
    )
    op.create_table(
        "mail_batch",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("what", sa.String(), nullable=False, comment="what it is, in words for our people"),
        sa.Column("thing", sa.String(), nullable=False, comment="what it belongs to: noun and public id"),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'left', 'stopped')", name=op.f("ck_mail_batch_state_known")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_mail_batch_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["stopped_by_id"], ["user.id"], name=op.f("fk_mail_batch_stopped_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_batch_public_id")),
    )
    op.create_index("ix_mail_batch_leaving", "mail_batch", ["state", "leaves_at"], unique=False)
    op.create_table(
        "mail_read_text",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("wording_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_mail_read_text_by_id_user")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_read_text")),
    )
    op.create_table(
        "mail_switch",
        sa.Column("id", sa.BigInteger(), nullable=False, comment="always 1"),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column(
            "is_practice",
            sa.Boolean(),
            nullable=False,
            comment="an installation to try things in: its mail is kept here for ever",
        ),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_mail_switch_one_row")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_mail_switch_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_switch")),
    )
    op.create_table(
        "inbound_mail",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column(
            "dedupe_key",
            sa.String(length=64),
            nullable=False,
            comment="Message-ID and body: one Message-ID may stand for two mails",
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sender", sa.String(), nullable=True, comment="the From address, as it claims"),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(), nullable=True, comment="why it stands where it stands, in words"),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "delivery_id",
            sa.BigInteger(),
            nullable=True,
            comment="the delivery it replies to, of that account",
        ),
        sa.Column("comment_id", sa.BigInteger(), nullable=True, comment="what it became, of that account"),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('new', 'joined', 'bounce', 'automatic', 'held', 'unreadable', 'left_alone')",
            name=op.f("ck_inbound_mail_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_inbound_mail_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_inbound_mail_dedupe_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inbound_mail_public_id")),
    )
    op.create_index("ix_inbound_mail_state", "inbound_mail", ["state", "id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("template", sa.String(length=32), nullable=False, comment="a folder of templates/email"),
        sa.Column("thing", sa.String(), nullable=False, comment="what it belongs to: noun and public id"),
        sa.Column(
            "dedupe_key", sa.String(length=100), nullable=False, comment="the same mail twice is one row"
        ),
        sa.Column("filled", JSON, nullable=False, comment="what the template is filled with"),
        sa.Column("link_id", sa.BigInteger(), nullable=True, comment="the link inside, of the same account"),
        sa.Column("state", sa.String(length=8), nullable=False, comment="held: its batch has not left yet"),
        sa.Column("why", sa.String(), nullable=True, comment="why it did not leave, in words"),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "message_id",
            sa.String(length=160),
            nullable=False,
            comment="the same at every try; before the first, the public id",
        ),
        sa.Column("sent_to", sa.String(), nullable=True, comment="the address it goes to"),
        sa.Column(
            "token",
            sa.BigInteger(),
            nullable=True,
            comment="the claim that holds it; of a sent one: not told yet",
        ),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=False, comment="by the database's clock"),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('held', 'waiting', 'sending', 'sent', 'bounced', 'stopped', 'failed', 'refused')",
            name=op.f("ck_delivery_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_delivery_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_delivery_account_id_account")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["mail_batch.id"], name=op.f("fk_delivery_batch_id_mail_batch")
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_delivery_dedupe_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_delivery_message_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delivery_public_id")),
    )
    op.create_index(op.f("ix_delivery_batch_id"), "delivery", ["batch_id"], unique=False)
    op.create_index(op.f("ix_delivery_thing"), "delivery", ["thing"], unique=False)
    op.create_index("ix_delivery_waiting", "delivery", ["state", "not_before", "id"], unique=False)
    op.create_index(
        "ix_delivery_token",
        "delivery",
        ["token"],
        unique=False,
        sqlite_where=sa.text("token IS NOT NULL"),
        postgresql_where=sa.text("token IS NOT NULL"),
    )
    op.create_table(
        "mail_link",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column(
            "purpose", sa.String(length=16), nullable=False, comment="answer, point, solved, stop-asking"
        ),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("thing", sa.String(), nullable=False, comment="what it opens: a public id"),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_mail_link_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mail_link_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_mail_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_link_public_id")),
    )
    op.create_index("ix_mail_link_thing", "mail_link", ["purpose", "thing"], unique=False)
    op.create_table(
        "kept_mail",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(length=160), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "delivery_id"],
            ["delivery.account_id", "delivery.id"],
            name=op.f("fk_kept_mail_account_id_delivery_id_delivery"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_mail_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "delivery_id", name=op.f("pk_kept_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_kept_mail_message_id")),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("kept_mail")
    op.drop_index("ix_mail_link_thing", table_name="mail_link")
    op.drop_table("mail_link")
    op.drop_index("ix_delivery_token", table_name="delivery")
    op.drop_index("ix_delivery_waiting", table_name="delivery")
    op.drop_index(op.f("ix_delivery_thing"), table_name="delivery")
    op.drop_index(op.f("ix_delivery_batch_id"), table_name="delivery")
    op.drop_table("delivery")
    op.drop_index("ix_inbound_mail_state", table_name="inbound_mail")
    op.drop_table("inbound_mail")
    op.drop_table("mail_switch")
    op.drop_table("mail_read_text")
    op.drop_index("ix_mail_batch_leaving", table_name="mail_batch")
    op.drop_table("mail_batch")
    op.drop_table("address_rule")
