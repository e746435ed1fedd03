"""Runs everything on one machine: the embedded stores, then the web, the workers and the scheduler.

Comes in: a data folder. Goes out: running parts that answer on one address, and their logs.
Always true: one `up` per data folder; no part outlives the process that started it.
"""
