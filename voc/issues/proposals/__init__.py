"""What the machine asks a lead about issues that people touched: are two one, is one two, does a comment fit elsewhere.

In: what a look over all comments found. Out: rows that a person accepts or refuses. Always true: only a
person's yes changes an issue, through the same acts as by hand; a no is remembered and not asked again.
"""
