"""Loads every stage's tables by name, so that foreign keys find each other in any process."""

import importlib

STAGES = (
    "access",
    "mail",
    "accounts",
    "intake",
    "analysis",
    "issues",
    "breadth",
    "checks",
    "reports",
    "decisions",
    "closure",
)


def load_tables() -> None:
    """Makes all tables known; cheap when they are."""
    importlib.import_module("voc.db.work")
    importlib.import_module("voc.db.slots")
    importlib.import_module("voc.db.lease")
    for stage in STAGES:
        importlib.import_module(f"voc.{stage}.models")
