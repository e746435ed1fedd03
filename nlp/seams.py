"""What of a group holds together: where its comments come apart in two it is cut, what leans elsewhere is left out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]
UNGROUPED = -1
LEAST = 3
"""Fewer comments make no issue (voc/issues/rules.py)."""
ALIKE = 0.4
"""Two sides of a group that are less than this share as alike as each is within are two matters. Of the demo's groups that
a lead is shown (seeds 26, 5, 11 and 40, 2026-11-22) 70 % were at least four fifths one matter and 6 less than half; 76 % and
3 at 0.3, 81 % and none at 0.4, 84 % at 0.5. B-cubed of the issues falls from 0.734 to 0.713, that of 38 intents
(1,520; 4,968) goes from 0.745 to 0.750 and from 0.694 to 0.690."""
NEAREST = 10
INSIDE = 0.5
"""A group dissolves when fewer of its comments' nearest stand in it: 3 of the 6 heaps above, and 0.5 of 100 B-cubed."""
OWN = 0.4
"""A comment leaves a group in which less of the weight of its nearest lies: at 0.3 one heap stays, at 0.5 the demo's B-cubed
falls by 0.02 (as above)."""
DENSE = 256
"""Groups up to this size are taken apart as whole matrices."""


def holding_together(
    rows: Floats, near: Ints, similarity: Floats, labels: Ints, graph: "csr_matrix | None" = None
) -> Ints:
    """Groups without what does not hold: cut where they come apart, less comments and whole parts that lean elsewhere.

    `near` and `similarity` are the links of all rows, `graph` the same where it was made; -1 in `labels` is in no group.
    """
    cut = cut_at_seams(rows, link_graph(near, similarity) if graph is None else graph, labels)
    for _ in range(2):  # whoever leaned on those who left leaves too
        cut = np.where(inside(near, similarity, cut) >= OWN, cut, UNGROUPED)
    sizes = np.bincount(cut + 1)
    own = np.bincount(cut + 1, inside(near, np.ones_like(similarity), cut))
    stays = (sizes >= LEAST) & (own >= INSIDE * sizes)
    stays[0] = False
    return np.where(stays[cut + 1], cut, UNGROUPED)


def inside(near: Ints, similarity: Floats, labels: Ints) -> Floats:
    """How much of the weight of each row's nearest lies in its own group; of a small group's rows only as many are asked."""
    asked = np.minimum(np.bincount(labels + 1)[labels + 1] - 1, NEAREST)
    weight = np.clip(similarity[:, :NEAREST], 0.01, None)
    weight = weight * (np.arange(weight.shape[1]) < np.maximum(asked, 1)[:, None])
    same = (labels[near[:, :NEAREST]] == labels[:, None]) & (labels >= 0)[:, None]
    return np.asarray((weight * same).sum(axis=1) / weight.sum(axis=1), dtype=np.float32)


def cut_at_seams(rows: Floats, graph: "csr_matrix", labels: Ints) -> Ints:
    """Groups cut in two, and the parts again, where the sides of the weakest seam are two matters."""
    cut, fresh = labels.copy(), int(labels.max(initial=UNGROUPED)) + 1
    waiting = list(_members(labels))
    while waiting:
        members = waiting.pop()
        if len(members) < 2 * LEAST - 1:
            continue
        one = weakest_seam(graph, members)
        sides = members[one], members[~one]
        if alike(rows, *sides) < ALIKE:
            cut[sides[0]], fresh = fresh, fresh + 1
            waiting += sides
    return cut


def alike(rows: Floats, one: Ints, other: Ints) -> float:
    """The mean cosine across two sides beside that within each; about 1 where a group is dealt at random in two."""
    left, right = rows[one].sum(axis=0), rows[other].sum(axis=0)
    within = [
        float((total @ total - len(side)) / (len(side) * (len(side) - 1)))
        for total, side in ((left, one), (right, other))
        if len(side) > 1
    ]
    usual = float(np.sqrt(np.prod(np.maximum(within, 1e-3)) ** (2 / len(within))))
    return float(left @ right) / (len(one) * len(other)) / usual


def weakest_seam(graph: "csr_matrix", members: Ints) -> NDArray[np.bool_]:
    """Which members of a linked group lie on one side of where it comes apart most easily.

    The cut of least conductance along the slowest direction of the walk among them (Fiedler 1973).
    """
    inner = graph[members][:, members]
    degree = np.maximum(np.asarray(inner.sum(axis=1), dtype=np.float64).ravel(), 1e-6)
    order = np.argsort(_slowest(inner, degree), kind="stable")
    one = np.zeros(len(members), dtype=bool)
    one[order[: _least_conductance(inner, degree, order)]] = True
    return one


def _slowest(inner: "csr_matrix", degree: Numbers) -> Numbers:
    """The direction in which the walk among some comments takes longest to even out."""
    from scipy.linalg import eigh  # noqa: PLC0415 - only the group worker has it in memory
    from scipy.sparse import diags  # noqa: PLC0415 - only the group worker has it in memory
    from scipy.sparse.linalg import eigsh  # noqa: PLC0415 - only the group worker has it in memory

    root = diags(degree**-0.5)
    walk = root @ inner @ root
    if len(degree) <= DENSE:
        last = len(degree) - 1
        values, ways = eigh(walk.toarray(), subset_by_index=(last - 1, last), check_finite=False)
    else:
        values, ways = eigsh(walk, k=2, which="LA", tol=1e-3, v0=np.sqrt(degree))
    return np.asarray(ways[:, np.argsort(values)[-2]] * degree**-0.5)


def _least_conductance(inner: "csr_matrix", degree: Numbers, order: Ints) -> int:
    """After how many members, in this order, a cut goes through least beside the smaller side."""
    place = np.argsort(order)
    links = inner.tocoo()
    row, column = place[links.row], place[links.col]
    back = np.bincount(row[column < row], links.data[column < row], minlength=len(order))
    volume = np.cumsum(degree[order])
    through = volume - 2 * np.cumsum(back)
    smaller = np.minimum(volume, volume[-1] - volume)[:-1]
    return int(np.argmin(through[:-1] / np.maximum(smaller, 1e-9))) + 1


def link_graph(near: Ints, similarity: Floats) -> "csr_matrix":
    """Both ways of each link in one, with its similarity."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - only the group worker has it in memory

    count, k = near.shape
    weight = np.clip(similarity, 0.01, None).ravel()
    links = csr_matrix((weight, near.ravel(), np.arange(0, count * k + 1, k)), shape=(count, count))
    return (links + links.T).tocsr()


def _members(labels: Ints) -> Sequence[Ints]:
    """The rows of each group."""
    order = np.argsort(labels, kind="stable")
    edges = np.flatnonzero(np.diff(labels[order], prepend=UNGROUPED))
    return np.split(order, edges)[1:]
