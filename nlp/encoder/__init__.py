"""The static sentence encoder: table, tokenizer, where they come from."""
