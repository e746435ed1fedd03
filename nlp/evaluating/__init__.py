"""Labelled sets of our own and how the reading machine scores on them."""

Figures = dict[str, object]  # one JSON object: figures, names and intervals
