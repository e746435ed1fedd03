"""What programs may do: the same services as the pages, over JSON with a bearer token.

In: strict JSON. Out: JSON, or problem+json with a stable code. Always true: a 2xx leaves after the
commit; the same key sent twice is one comment; what a token may not see looks like what is not there.
"""
