"""What people's word is worth when new comments join: precision and recall before and after they confirm and take out.

`python -m bench.taught --input CSV [--seeds 1 2 3] [--shots 5 10 20]` on columns text,category prints one JSON object.
3,000 comments are grouped by machine and 3,000 join; each label's largest group is its issue, and of that issue's
comments a person confirms k of the label and takes out k of others. Then 2,000 more join, with and without that word.
"""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import encoder
from nlp.grouping import find_groups
from nlp.issue_heads import Taught, learn
from voc.issues.queries import Placed
from workers.joining import join
from workers.memory import Memory

GROUPED, JOINED, JUDGED = 3000, 3000, 2000
_SMALLEST = 20
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Said:
    """Comments with what they are truly about, in a drawn order."""

    texts: list[str]
    labels: list[str]
    vectors: Floats

    def placed(self, at: int) -> Placed:
        """One comment as the worker knows it."""
        return Placed(1, at, b"", self.texts[at], None, is_concern=True)


def main() -> None:
    """Prints the figures, the mean over the seeds."""
    asked = _asked()
    with Path(asked.input).open(encoding="utf-8") as file:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    runs = [_run(rows, seed, asked.shots) for seed in asked.seeds]
    found = {
        str(shots): {
            name: round(float(np.mean([run[shots][at] for run in runs])), 3) for at, name in enumerate(_NAMES)
        }
        for shots in (0, *asked.shots)
    }
    sys.stdout.write(json.dumps({"seeds": asked.seeds, "shots": found}) + "\n")


_NAMES = ("precision", "recall", "f1", "taken_out")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--shots", type=int, nargs="+", default=[1, 3, 5, 10, 20])
    return parser.parse_args()


def _run(rows: Sequence[tuple[str, str]], seed: int, shots: Sequence[int]) -> dict[int, tuple[float, ...]]:
    order = np.random.default_rng(seed).permutation(len(rows))[: GROUPED + JOINED + JUDGED].tolist()
    texts = [rows[at][0] for at in order]
    said = Said(texts, [rows[at][1] for at in order], encoder().encode(texts))
    groups = find_groups(said.vectors[:GROUPED], texts[:GROUPED]).labels.tolist()
    memory = Memory()
    known = [at for at in range(GROUPED) if groups[at] >= 0]
    memory.index.add(known, said.vectors[known], [groups[at] for at in known])
    memory.words = {at: texts[at] for at in known}
    memory.issues = {at: groups[at] for at in known}
    members = defaultdict(list)
    for at in known:
        members[groups[at]].append(at)
    for at in range(GROUPED, GROUPED + JOINED):
        issue = _goes(memory, said, at)
        if issue is not None:
            members[issue].append(at)
    issues = _issues(members, said.labels)
    return {number: _judged(memory, said, members, issues, number) for number in (0, *shots)}


def _goes(memory: Memory, said: Said, at: int) -> int | None:
    return join(memory, said.placed(at), said.vectors[at], frozenset())[0].issue_id


def _issues(members: Mapping[int, Sequence[int]], labels: Sequence[str]) -> dict[int, str]:
    """The largest group of each label stands for it."""
    found: dict[str, int] = {}
    for group, inside in sorted(members.items(), key=lambda one: -len(one[1])):
        label, number = Counter(labels[at] for at in inside).most_common(1)[0]
        if number >= _SMALLEST:
            found.setdefault(label, group)
    return {group: label for label, group in found.items()}


def _judged(
    memory: Memory, said: Said, members: Mapping[int, Sequence[int]], issues: Mapping[int, str], shots: int
) -> tuple[float, ...]:
    taught, out = {}, []
    for issue, label in issues.items():
        inside = np.random.default_rng([7, issue]).permutation(np.array(members[issue])).tolist()
        yes = [at for at in inside if said.labels[at] == label][:shots]
        no = [at for at in inside if said.labels[at] != label][:shots]
        taught[issue] = Taught(said.vectors[yes], said.vectors[no])
        out.append(len(no))
    memory.heads = learn(taught if shots else {}, said.vectors[:GROUPED].mean(axis=0))
    judged = range(GROUPED + JOINED, GROUPED + JOINED + JUDGED)
    went = {at: _goes(memory, said, at) for at in judged}
    joined = [at for at, issue in went.items() if issue in issues]
    right = sum(issues[went[at] or 0] == said.labels[at] for at in joined)
    wanted = sum(said.labels[at] in issues.values() for at in judged)
    precision, recall = right / len(joined), right / wanted
    return precision, recall, 2 * precision * recall / (precision + recall), float(np.mean(out))


if __name__ == "__main__":
    main()
