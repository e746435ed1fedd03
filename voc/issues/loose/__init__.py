"""The page of what stands in no issue, and what one act does with several of them.

What comes in: comments that no issue holds. What goes out: each in an issue, founding one, or said to be no problem.
Always true: only comments that the page showed are settled, and only those that still stand in no issue.
"""
