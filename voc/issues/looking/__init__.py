"""A lead looks at an issue that only the machine put together, and says in one act what it is.

In: an issue with its comments as the machine matched them. Out: one matter, none, or no problem at all. Always true:
only what the page showed counts as confirmed; each answer is one act, undone as one.
"""
