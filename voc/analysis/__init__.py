"""Stage 2: a comment is read, and people correct the reading.

In: a comment and a work row. Out: its reading (themes, severity, sentiment, risk, masks, language), a
vector, and a work row for the grouping. Always true: the machine's first answer is kept for ever, a
person's label always wins, what cannot be told is empty with a reason and never a guess.
"""
