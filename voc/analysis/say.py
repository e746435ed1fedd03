"""How pages say a reading: sureness, severity, sentiment and languages in plain words."""

SEVERITY = {1: "annoys", 2: "slows their work", 4: "stops their work", 8: "may make them leave"}
CHANNELS = {
    "form": "by form", "link": "by the public form", "email": "by mail", "staff_note": "told to us",
    "api": "from their own system", "import": "from an imported file",
}  # fmt: skip
KINDS = {
    "comment": "comment", "escalation": "asks for someone senior", "praise": "praise", "suggestion": "suggestion",
    "termination": "termination notice", "answer": "answer to a question",
}  # fmt: skip
_LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "nl": "Dutch",
    "pt": "Portuguese", "pl": "Polish", "sv": "Swedish", "da": "Danish", "tr": "Turkish", "cs": "Czech",
    "fi": "Finnish", "ro": "Romanian", "ru": "Russian", "el": "Greek", "ar": "Arabic", "he": "Hebrew",
    "hi": "Hindi", "th": "Thai", "ja": "Japanese", "ko": "Korean", "zh": "Chinese",
}  # fmt: skip
# Bands of a calibrated score and of sentiment: words for people, decided by us, no threshold of a rule.
_SURE = ((0.85, "sure"), (0.65, "fairly sure"), (0.0, "not very sure"))
_TONE = (
    (0.5, "very pleased"),
    (0.15, "pleased"),
    (-0.15, "neither pleased nor displeased"),
    (-0.5, "displeased"),
)


def sure_words(score: float | None) -> str:
    """How sure: "sure", "fairly sure", "not very sure"; a person's word has no score."""
    if score is None:
        return "said by a person"
    return next(words for least, words in _SURE if score >= least)


def tone_words(sentiment: float | None) -> str:
    """The sentiment in [-1, 1] in words; None is said."""
    if sentiment is None:
        return "we do not know"
    return next((words for least, words in _TONE if sentiment >= least), "very displeased")


def language_words(code: str | None) -> str:
    """The language's name, or its code when we have no name for it."""
    return "we do not know" if code is None else _LANGUAGES.get(code, code)


def excerpt(text: str, length: int = 140) -> str:
    """How a comment begins, on one line."""
    line = " ".join(text[: length * 2].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
