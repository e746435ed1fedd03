"""Text in, readings out: spaCy pipelines that know neither web, nor database, nor queue."""
