"""The RQ jobs: the only code that knows both voc and nlp."""
