"""The issues that nobody has looked at, in the order of how much they matter, one after the other.

In: issues as the machine put them together. Out: one matter under a person's name, none, or no problem. Always true:
an issue leaves the line when a person names it or it is confirmed for a client, and no estimate of one that is still
in it stands without saying so.
"""
