"""The sentence encoders: the static one, MiniLM for those who choose it, and where they come from."""
