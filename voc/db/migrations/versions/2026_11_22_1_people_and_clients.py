"""People, roles and the client list.

Why: every count runs over the client list, and every row is shown to somebody in particular.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_1_people_and_clients"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(), nullable=False, comment="what is limited, for whom"),
        sa.Column("window_starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_starts_at", name=op.f("pk_attempt")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="who; empty for the system"),
        sa.Column(
            "kind", sa.String(length=12), nullable=False, comment="user, token, link, system, anonymous"
        ),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("thing", sa.String(), nullable=False, comment="what it was done to: noun and public id"),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("came_from", sa.String(), nullable=True, comment="address the request came from"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("name_key", name=op.f("uq_service_name_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_service_public_id")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False, comment="case-folded e-mail address"),
        sa.Column(
            "password_hash",
            sa.String(),
            nullable=True,
            comment="argon2id; empty when only links open the door",
        ),
        sa.Column(
            "phone", sa.String(), nullable=True, comment="shown to the clients this person looks after"
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email_key", name=op.f("uq_user_email_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_public_id")),
    )
    op.create_table(
        "account",
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column(
            "group_id",
            sa.BigInteger(),
            nullable=False,
            comment="the group it is counted in; its own id for a group",
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False, comment="case-folded name, to match imports"),
        sa.Column("import_id", sa.String(), nullable=True, comment="the provider's own number for it"),
        sa.Column("segment", sa.String(), nullable=True),
        sa.Column(
            "yearly_value_cents", sa.BigInteger(), nullable=True, comment="in the installation's currency"
        ),
        sa.Column("owner_id", sa.BigInteger(), nullable=True, comment="our named person"),
        sa.Column("is_listed", sa.Boolean(), nullable=False, comment="false: seen only in a comment"),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True, comment="first day it was no client any more"),
        sa.Column("form_token_hash", sa.String(length=64), nullable=True, comment="its public form's link"),
        sa.Column(
            "first_said_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it, or for a group one of its sites, first told us something; empty: never",
        ),
        sa.Column(
            "last_said_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the same, last; kept to the minute",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("yearly_value_cents >= 0", name=op.f("ck_account_value_not_negative")),
        sa.ForeignKeyConstraint(["group_id"], ["account.id"], name=op.f("fk_account_group_id_account")),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_account_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("form_token_hash", name=op.f("uq_account_form_token_hash")),
        sa.UniqueConstraint("import_id", name=op.f("uq_account_import_id")),
        sa.UniqueConstraint("name_key", name=op.f("uq_account_name_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_public_id")),
    )
    op.create_index(op.f("ix_account_group_id"), "account", ["group_id"], unique=False)
    op.create_index(op.f("ix_account_owner_id"), "account", ["owner_id"], unique=False)
    op.create_table(
        "signin_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_signin_link_user_id_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_signin_link")),
    )
    op.create_index(op.f("ix_signin_link_user_id"), "signin_link", ["user_id"], unique=False)
    op.create_table(
        "user_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie"),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_session_user_id_user")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_user_session")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "account_service",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="first day without it; empty: still bought"),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on > starts_on", name=op.f("ck_account_service_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_service_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_account_service_service_id_service")
        ),
        sa.PrimaryKeyConstraint("account_id", "service_id", "starts_on", name=op.f("pk_account_service")),
    )
    op.create_index(op.f("ix_account_service_service_id"), "account_service", ["service_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.String(length=8), nullable=False, comment="ingest, read, write"),
        sa.Column("account_id", sa.BigInteger(), nullable=True, comment="only this account; empty: all"),
        sa.Column("created_by_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("scope IN ('ingest', 'read', 'write')", name=op.f("ck_api_token_scope_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_api_token_created_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("public_id", name=op.f("uq_api_token_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_table(
        "contact",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "role", sa.String(), nullable=True, comment="what the person does there, in the client's words"
        ),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("email_key", sa.String(), nullable=True, comment="case-folded e-mail address"),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("may_be_asked", sa.Boolean(), nullable=False, comment="false: asked us not to ask again"),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_account_id_account")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_contact_user_id_user")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_contact")),
        sa.UniqueConstraint("account_id", "email_key", name=op.f("uq_contact_account_id_email_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_contact_public_id")),
    )
    op.create_index("ix_contact_email_key", "contact", ["email_key"], unique=False)
    op.create_index(op.f("ix_contact_user_id"), "contact", ["user_id"], unique=False)
    op.create_table(
        "deputy",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_deputy_account_id_account")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_deputy_user_id_user")),
        sa.PrimaryKeyConstraint("account_id", "user_id", name=op.f("pk_deputy")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column(
            "account_id",
            sa.BigInteger(),
            nullable=True,
            comment="the client's account; for an agent, one that is assigned",
        ),
        sa.CheckConstraint(
            "role IN ('client_viewer', 'client_admin', 'agent', 'lead', 'executive', 'admin')",
            name=op.f("ck_membership_role_known"),
        ),
        sa.CheckConstraint(
            "role NOT LIKE 'client_%' OR account_id IS NOT NULL",
            name=op.f("ck_membership_client_has_account"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_membership_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "user_id", "role", "account_id", name=op.f("uq_membership_user_id_role_account_id")
        ),
    )
    op.create_index(op.f("ix_membership_account_id"), "membership", ["account_id"], unique=False)
    op.create_index(op.f("ix_membership_user_id"), "membership", ["user_id"], unique=False)
    op.create_index(
        "uq_membership_provider_role",
        "membership",
        ["user_id", "role"],
        unique=True,
        sqlite_where=sa.text("account_id IS NULL"),
        postgresql_where=sa.text("account_id IS NULL"),
    )
    op.create_table(
        "usage_reading",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False, comment="the week's Monday"),
        sa.Column("amount", sa.Double(), nullable=False, comment="in the service's own unit"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_usage_reading_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_usage_reading_service_id_service")
        ),
        sa.PrimaryKeyConstraint("account_id", "service_id", "week_on", name=op.f("pk_usage_reading")),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("usage_reading")
    op.drop_index(
        "uq_membership_provider_role",
        table_name="membership",
        sqlite_where=sa.text("account_id IS NULL"),
        postgresql_where=sa.text("account_id IS NULL"),
    )
    op.drop_index(op.f("ix_membership_user_id"), table_name="membership")
    op.drop_index(op.f("ix_membership_account_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_table("deputy")
    op.drop_index(op.f("ix_contact_user_id"), table_name="contact")
    op.drop_index("ix_contact_email_key", table_name="contact")
    op.drop_table("contact")
    op.drop_table("api_token")
    op.drop_index(op.f("ix_account_service_service_id"), table_name="account_service")
    op.drop_table("account_service")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(op.f("ix_signin_link_user_id"), table_name="signin_link")
    op.drop_table("signin_link")
    op.drop_index(op.f("ix_account_owner_id"), table_name="account")
    op.drop_index(op.f("ix_account_group_id"), table_name="account")
    op.drop_table("account")
    op.drop_table("user")
    op.drop_table("service")
    op.drop_table("audit")
    op.drop_table("attempt")
