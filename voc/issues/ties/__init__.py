"""Why a comment stands in an issue: the words that it shares with the others there, found when they are shown.

In: a comment's words as its reader sees them, and the issue's other comments of today. Out: spans to mark and a
sentence with a number that can be counted. Always true: nothing that is masked is quoted or marked, and nothing is
stored, so that a tie holds after a merge, a split, a new reading and a person's word as it did before.
"""
