"""Stage 1: a comment comes in by form, link, staff note, API or file.

In: bytes. Out: a raw row, a comment in a thread, a work row for the readers, a receipt. Always true:
all of it is one transaction, and whoever was told "received" will find it; the same thing sent twice
is stored once; imports and staff notes send and promise nothing.
"""
