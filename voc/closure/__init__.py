"""Every client who has an issue hears, in its own thread, what became of it.

In: decisions, finished questions, words a lead wrote once. Out: one message for each client with a confirmed
link, signed off by the client alone. Always true: no message names an issue or another client; silence is
never a yes; what was sent is never rewritten, a correction is a message of its own.
"""
