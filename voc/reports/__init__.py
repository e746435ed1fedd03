"""What leadership reads: who is owed a person, then the issues that most clients have.

In: grids, sums and escalations. Out: one page that could be printed. Always true: told us, said yes
and matched by machine stand apart; every number opens its list; nothing here is worded by a machine
alone.
"""
