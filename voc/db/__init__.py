"""The database: base and column types, the only commit, and the one door that scopes by account."""
