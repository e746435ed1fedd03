"""How many of all clients have an issue, estimated: counts in, a share with its interval out.

In: plain arrays, one place for each client. Out: frozen estimates. Always true: nothing here knows the
database, the web or the clock; the web process never loads it (numpy, scipy); the same arrays give the
same figures. `docs/statistics.md` has the model in words and equations.
"""
