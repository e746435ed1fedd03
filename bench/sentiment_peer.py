"""VADER's score of each labelled sentence; run in an environment of its own: uv run --with vaderSentiment."""

import argparse
import csv
import sys
from pathlib import Path

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from nlp.evaluating.labelled import BESIDE, read_labelled


def main() -> None:
    """Write text and compound score as CSV."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=BESIDE)
    given = parser.parse_args()
    judge = SentimentIntensityAnalyzer()
    out = csv.writer(sys.stdout)
    out.writerow(["text", "score"])
    for row in read_labelled(given.input, given.data):
        out.writerow([row.text, judge.polarity_scores(row.text)["compound"]])


if __name__ == "__main__":
    main()
