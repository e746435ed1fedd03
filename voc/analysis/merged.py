"""Which themes were merged into which: read from the rows, for every page and job that counts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.analysis.models import Theme
from voc.analysis.rules import Merged, MergedTheme


def merged_themes(session: Session) -> Merged:
    """Each merged theme's key and what counts for it now; empty where nothing was merged."""
    rows = session.execute(
        select(Theme.id, Theme.key, Theme.merged_into_id, Theme.retired_at).where(
            Theme.merged_into_id.is_not(None)
        )
    ).all()
    if not rows:
        return {}
    keys = {row.id: row.key for row in rows}
    standing = {
        row.id: row for row in session.execute(select(Theme.id, Theme.key, Theme.name).where(Theme.id.not_in(keys)))
    }  # fmt: skip
    into = {row.id: (row.merged_into_id, row.retired_at) for row in rows}
    found = {}
    for theme in into:
        root, at = _followed(theme, into)
        if root in standing and at is not None:
            found[keys[theme]] = MergedTheme(standing[root].key, standing[root].name, at)
    return found


def _followed(theme: int, into: dict[int, tuple[int, datetime | None]]) -> tuple[int, datetime | None]:
    """The theme at the end of the chain, and the newest merge on the way: only then did it begin to count."""
    moments: list[datetime | None] = []
    while theme in into and len(moments) <= len(into):
        theme, at = into[theme]
        moments.append(at)
    known = [at for at in moments if at is not None]
    return theme, max(known, default=None)
