"""Questions to clients."""
