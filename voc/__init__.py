"""The software of one service provider: collects what clients say, and looks at every client for it."""
