"""Brings in comments from files.

In: CSV or JSONL of any size with a mapping of columns. Out: comments stored through intake's one door,
and a file of the rows that could not be taken. Always true: a row is stored once however often the file
is brought in; two people who wrote the same words stay two; nothing is sent or promised to anybody.
"""
