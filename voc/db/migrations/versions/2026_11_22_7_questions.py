"""Questions to clients, whom they went to, answers and calls.

Why: asking leaves a trace in the grid from the moment of delivery, and one answer is one row.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_22_7_questions"
down_revision = "2026_11_22_6_mail"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

_SOURCES = ("person", "answer", "confirmed", "staff", "machine", "sign_off")
_SAYS = (
    "has_problem",
    "has_manages",
    "has_not",
    "unsure",
    "solved",
    "not_applicable",
    "prefers_not",
    "withdrawn",
)


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _let_evidence_be(sources: tuple[str, ...], says: tuple[str, ...]) -> None:
    with op.batch_alter_table("evidence") as table:
        table.drop_constraint(op.f("ck_evidence_source_known"), type_="check")
        table.drop_constraint(op.f("ck_evidence_says_known"), type_="check")
        table.create_check_constraint(op.f("ck_evidence_source_known"), _one_of("source", sources))
        table.create_check_constraint(op.f("ck_evidence_says_known"), _one_of("says", says))


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "call",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("ask_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "comment_id",
            sa.BigInteger(),
            nullable=True,
            comment="what the call is about, where it is a comment",
        ),
        sa.Column("caller_id", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.String(length=12), nullable=True, comment="spoke, not_reached, not_needed"),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "why IN ('question', 'reminder', 'problem', 'senior', 'tell')", name=op.f("ck_call_why_known")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_account_id_account")),
        sa.ForeignKeyConstraint(["caller_id"], ["user.id"], name=op.f("fk_call_caller_id_user")),
        sa.ForeignKeyConstraint(["done_by_id"], ["user.id"], name=op.f("fk_call_done_by_id_user")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_call")),
        sa.UniqueConstraint("account_id", "why", "ask_id", name=op.f("uq_call_account_id_why_ask_id")),
        sa.UniqueConstraint(
            "account_id", "why", "comment_id", name=op.f("uq_call_account_id_why_comment_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_public_id")),
    )
    op.create_index(op.f("ix_call_caller_id"), "call", ["caller_id"], unique=False)
    op.create_index("ix_call_open", "call", ["done_at", "due_on"], unique=False)
    op.create_table(
        "check",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "what",
            sa.String(),
            nullable=False,
            comment="the one thing asked about: “an invoice came without a number”",
        ),
        sa.Column("since_on", sa.Date(), nullable=False, comment="the period begins here"),
        sa.Column("if_many", sa.String(), nullable=True, comment="if many say yes we would …"),
        sa.Column("decider_id", sa.BigInteger(), nullable=True, comment="who decides then"),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("reach", sa.String(length=8), nullable=False, comment="a random dozen, or everyone"),
        sa.Column(
            "alone_reason",
            sa.String(),
            nullable=True,
            comment="why we ask though one client alone told us and did not agree: an executive's words",
        ),
        sa.Column("alone_by_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True, comment="when the first mail left"),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "frozen_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the first answer: the wording stays",
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome_told_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when everyone asked heard what came of it",
        ),
        sa.CheckConstraint("reach IN ('dozen', 'everyone')", name=op.f("ck_check_reach_known")),
        sa.CheckConstraint(
            "state IN ('draft', 'leaving', 'asking', 'closed', 'stopped')", name=op.f("ck_check_state_known")
        ),
        sa.ForeignKeyConstraint(["alone_by_id"], ["user.id"], name=op.f("fk_check_alone_by_id_user")),
        sa.ForeignKeyConstraint(["batch_id"], ["mail_batch.id"], name=op.f("fk_check_batch_id_mail_batch")),
        sa.ForeignKeyConstraint(["decider_id"], ["user.id"], name=op.f("fk_check_decider_id_user")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_check_issue_id_issue")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_check_made_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check")),
        sa.UniqueConstraint("public_id", name=op.f("uq_check_public_id")),
    )
    op.create_index(op.f("ix_check_issue_id"), "check", ["issue_id"], unique=False)
    op.create_index("ix_check_state", "check", ["state", "closes_at"], unique=False)
    op.create_table(
        "ask",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("check_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False, comment="the client as it is counted"),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=4), nullable=False),
        sa.Column("no_first", sa.Boolean(), nullable=False, comment="half see No first"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("why", sa.String(), nullable=True, comment="why this person, or why left out"),
        sa.Column(
            "passed_from_id",
            sa.BigInteger(),
            nullable=True,
            comment="the ask of the colleague who passed it on",
        ),
        sa.Column(
            "predicted_share", sa.Double(), nullable=True, comment="the estimate before it left, in [0, 1]"
        ),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was delivered, or spoken on the phone",
        ),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("how IN ('mail', 'call')", name=op.f("ck_ask_how_known")),
        sa.CheckConstraint(
            "state IN ('planned', 'queued', 'asked', 'answered', 'bounced', 'passed', 'no_answer', 'opted_out', 'left_out')",
            name=op.f("ck_ask_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "contact_id"],
            ["contact.account_id", "contact.id"],
            name=op.f("fk_ask_account_id_contact_id_contact"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ask_account_id_account")),
        sa.ForeignKeyConstraint(["check_id"], ["check.id"], name=op.f("fk_ask_check_id_check")),
        sa.ForeignKeyConstraint(["group_id"], ["account.id"], name=op.f("fk_ask_group_id_account")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_ask")),
        sa.UniqueConstraint(
            "check_id", "account_id", "contact_id", name=op.f("uq_ask_check_id_account_id_contact_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_ask_public_id")),
    )
    op.create_index("ix_ask_check", "ask", ["check_id", "state"], unique=False)
    op.create_index("ix_ask_contact", "ask", ["contact_id"], unique=False)
    op.create_table(
        "who_else",
        sa.Column("issue_id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column(
            "first_loud_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the first escalation in it was said",
        ),
        sa.Column("comment_account_id", sa.BigInteger(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "looked_at", sa.DateTime(timezone=True), nullable=True, comment="step one: records, usage, owners"
        ),
        sa.Column("looked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("found", JSON, nullable=True, comment="what step one found, as figures"),
        sa.Column("found_words", sa.String(), nullable=True, comment="what our people make of it"),
        sa.Column("dozen_check_id", sa.BigInteger(), nullable=True),
        sa.Column("everyone_check_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "changes_decision",
            sa.Boolean(),
            nullable=True,
            comment="step three: would everyone's answers change it?",
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_how", sa.String(length=8), nullable=True, comment="evidence, reason"),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("answered_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("answered_how IN ('evidence', 'reason')", name=op.f("ck_who_else_how_known")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_who_else_answered_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["comment_account_id"], ["account.id"], name=op.f("fk_who_else_comment_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["dozen_check_id"], ["check.id"], name=op.f("fk_who_else_dozen_check_id_check")
        ),
        sa.ForeignKeyConstraint(
            ["everyone_check_id"], ["check.id"], name=op.f("fk_who_else_everyone_check_id_check")
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_who_else_issue_id_issue")),
        sa.ForeignKeyConstraint(["looked_by_id"], ["user.id"], name=op.f("fk_who_else_looked_by_id_user")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_who_else")),
        sa.UniqueConstraint("public_id", name=op.f("uq_who_else_public_id")),
    )
    op.create_table(
        "answer",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("ask_id", sa.BigInteger(), nullable=False),
        sa.Column("says", sa.String(length=12), nullable=False),
        sa.Column(
            "comment_id",
            sa.BigInteger(),
            nullable=True,
            comment="the words said beside it, a prompted comment",
        ),
        sa.Column("colleague", sa.String(), nullable=True, comment="“I cannot tell, ask …”: who"),
        sa.Column("taken_by_id", sa.BigInteger(), nullable=True, comment="our person on the phone"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column(
            "read_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when one of us read the words beside it",
        ),
        sa.Column("read_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "says IN ('no', 'problem', 'manages', 'not_used', 'cannot_tell')",
            name=op.f("ck_answer_says_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "ask_id"],
            ["ask.account_id", "ask.id"],
            name=op.f("fk_answer_account_id_ask_id_ask"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_answer_account_id_account")),
        sa.ForeignKeyConstraint(["read_by_id"], ["user.id"], name=op.f("fk_answer_read_by_id_user")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["user.id"], name=op.f("fk_answer_taken_by_id_user")),
        sa.PrimaryKeyConstraint("account_id", "ask_id", name=op.f("pk_answer")),
    )
    _let_evidence_be((*_SOURCES, "asking"), (*_SAYS, "asked", "no_answer"))


def downgrade() -> None:
    """Drops them."""
    op.drop_table("answer")
    op.drop_table("who_else")
    op.drop_index("ix_ask_contact", table_name="ask")
    op.drop_index("ix_ask_check", table_name="ask")
    op.drop_table("ask")
    op.drop_index("ix_check_state", table_name="check")
    op.drop_index(op.f("ix_check_issue_id"), table_name="check")
    op.drop_table("check")
    op.drop_index("ix_call_open", table_name="call")
    op.drop_index(op.f("ix_call_caller_id"), table_name="call")
    op.drop_table("call")
    op.execute("DELETE FROM evidence WHERE source = 'asking'")
    _let_evidence_be(_SOURCES, _SAYS)
