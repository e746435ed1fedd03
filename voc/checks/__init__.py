"""A question to every client the issue may concern, asked fairly.

In: an issue, words a lead approved, one person of each client. Out: answers, which become evidence in the
grid, and words, which become prompted comments. Always true: no question presumes, blames or names; it goes
to enough clients at once that asking gives nobody away; "asked" begins at delivery; nobody is asked twice
by a third mail.
"""
