"""The themes in use, in two levels: changes are wished, looked at, applied, and kept as versions.

In: what a lead wishes of the themes. Out: the themes in force, a version with who, when and what, and
the window read again. Always true: nothing that alters what is read holds before somebody saw what it
would change or said expressly that they apply it without; labels are never rewritten, and what was said
of a merged theme is counted for the other when it is read (`rules.verdicts_of`).

A theme's new name alone holds at once: the name is among the words that the machine learns a theme from,
so the one it learned is kept apart (`reads_as`) until the theme is described anew.
"""
