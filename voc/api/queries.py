"""What reading programs get."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.api.schemas import CommentRow
from voc.intake.models import Comment


def comments(session: Session, *, before: int | None, size: int) -> Sequence[tuple[int, CommentRow]]:
    """(key, comment) of the newest `size` comments below `before`, as far as the asker may see them."""
    wanted = (
        select(Comment.id, Comment.public_id, Account.public_id, Comment.kind, Comment.text,
               Comment.said_at, Comment.received_at)
        .join(Account, Account.id == Comment.account_id)
        .order_by(Comment.id.desc())
        .limit(size)
    )  # fmt: skip
    if before is not None:
        wanted = wanted.where(Comment.id < before)
    return [
        (
            key,
            CommentRow(id=public_id, account=account, kind=kind, text=text, said_at=said_at, received_at=at),
        )
        for key, public_id, account, kind, text, said_at, at in session.execute(wanted)
    ]
