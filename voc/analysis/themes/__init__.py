"""The themes in use: people add, rename, describe and retire them; nothing that was read is lost."""
