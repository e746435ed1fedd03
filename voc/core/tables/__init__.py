"""Files that people bring: how they are written, their rows, their dates, and what we could not take.

In: a path to CSV or JSONL of any size. Out: rows with their line numbers, one at a time. Always true: a
row that cannot be read is a Problem with its line, never an exception that stops the others.
"""
