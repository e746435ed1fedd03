"""Stage 4: how many clients have an issue, heard and unheard: the grid.

In: evidence of any source. Out: one cell for each issue and client group, ranks, loudness. Always
true: unknown stays unknown; each client stands once, by its best evidence; what was told, said when
asked, seen by staff and matched by machine is never added up.
"""
