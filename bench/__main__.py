"""Runs the measurements that need no peer installed, one after the other, and prints each figure with its limit."""

import sys

from bench import (
    archive,
    breadth,
    breadth_demo,
    breadth_rank,
    checks,
    intake,
    mail,
    pages,
    teaching,
    understanding,
    workers,
)

ALL = {
    "intake": intake.measure,
    "workers": workers.measure,
    "archive": archive.measure,
    "pages": pages.measure,
    "checks": checks.measure,
    "mail": mail.measure,
    "breadth": breadth.measure,
    "breadth-demo": breadth_demo.measure,
    "teaching": teaching.measure,
    "breadth-rank": breadth_rank.measure,
}
PARTS = breadth.PARTS  # of "breadth", to run one alone
ON_REQUEST = {"understanding": understanding.measure, "archive-million": archive.measure_million}
"""Only when asked for: they install peers, or take a quarter of an hour."""


def main() -> int:
    """Prints a line for each figure; 1 when a limit is missed."""
    known = ALL | PARTS | ON_REQUEST
    chosen = sys.argv[1:] or list(ALL)
    if unknown := [name for name in chosen if name not in known]:
        sys.exit(f"There is no measurement “{unknown[0]}”; there are {', '.join(known)}.")
    missed = 0
    for name in chosen:
        for figure in known[name]():
            missed += not figure.is_met
            print(figure.said, flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
