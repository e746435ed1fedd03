"""Brings in the client list and the usage of services from files.

In: a CSV or JSONL file, one row for each person (accounts) or reading (usage). Out: accounts, contacts,
services, owners. Always true: the same file twice changes nothing; what a contact asked of us ("do not
ask") outlives every import; what a file leaves blank stays as it is.
"""
