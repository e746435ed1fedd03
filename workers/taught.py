"""What people confirmed and took out, issue by issue, as classifiers for the group worker."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from nlp.issue_heads import IssueHeads, Taught, learn
from voc.issues import queries
from voc.issues.queries import Key

MOST = 200  # the newest of each side teach; more change little (Banking77: 20 of each are 1 point better than 10)
DIMENSIONS = 256


def unpacked(numbers: Sequence[bytes]) -> NDArray[np.float32]:
    """Stored vectors as one (n, 256) array."""
    return halves(b"".join(numbers)).astype(np.float32)


def halves(numbers: bytes | bytearray) -> NDArray[np.float16]:
    """Vectors that lie one after the other, as they are stored; nothing is copied."""
    return np.frombuffer(numbers, dtype="<f2").reshape(-1, DIMENSIONS)


def heads_of(session: Session, middle: NDArray[np.float32], *, encoder: str = "static") -> IssueHeads:
    """A head for each issue that people confirmed comments in or took comments out of."""
    said: dict[int, dict[bool, list[Key]]] = defaultdict(lambda: {True: [], False: []})
    for word in queries.words_of_people(session):
        said[word.issue_id][word.is_confirmed].append((word.account_id, word.comment_id))
    newest = {issue: {side: keys[-MOST:] for side, keys in sides.items()} for issue, sides in said.items()}
    wanted = sorted({key for sides in newest.values() for keys in sides.values() for key in keys})
    vectors = queries.vectors_stored(session, wanted, encoder=encoder)

    def rows(keys: Sequence[Key]) -> NDArray[np.float32]:
        return unpacked([vectors[key] for key in keys if key in vectors])

    return learn(
        {issue: Taught(rows(sides[True]), rows(sides[False])) for issue, sides in newest.items()}, middle
    )
