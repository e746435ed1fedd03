"""What leadership goes to see, decides and promises.

In: what the leadership page shows. Out: a decision with owner, date, message and look-again date; promises
with proof. Always true: a decision names who and until when; a change that would drop a process shows first
who depends on it; nothing decided is rewritten, a newer decision stands beside it.
"""
