"""Who may do what: users, roles, sessions, sign-in links, API tokens, and the audit trail.

In: a request's cookie or token. Out: a `Principal`. Always true: secrets are stored as hashes; an
unknown and a wrong secret look the same; every act that matters leaves an audit row with it.
"""
