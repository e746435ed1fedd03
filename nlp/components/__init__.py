"""spaCy components, one to a file: each reads one thing off a comment."""
