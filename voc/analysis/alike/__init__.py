"""Comments that wait for a person and say much the same stand together, so that one act settles them.

What comes in: comments that wait, which the group worker compared with each other. What goes out: kinds of them for
pages, what hurts most clients most first. Always true: a kind only orders what waits and changes nothing by itself;
what was not compared yet stands alone.
"""
