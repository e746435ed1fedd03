"""What people's corrections teach: heads, the set of them that reads, and what is read again with it.

In: labels. Out: a head for each theme people spoke of, a number for each state of all of them, and
readings made anew. Always true: a label wins over any head, and the machine's first answer stays.
"""
