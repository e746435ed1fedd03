"""Very many comments from the same grammar, for load tests; no story, no truth."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from voc.demo.records import Account, DemoComment
from voc.demo.voice import Speaker, Voice
from voc.demo.words import load_wordbook

_END = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
_SPAN_SECONDS = 26 * 7 * 86_400


def stream_comments(n: int, seed: int, accounts: Sequence[Account]) -> Iterator[DemoComment]:
    """Gives `n` comments of these accounts in no order of time; the same arguments give the same comments."""
    rng = random.Random(seed)
    words = load_wordbook()
    voice = Voice(words, rng)
    speakers = [Speaker.plain(account, rng) for account in accounts]
    weights = [rng.lognormvariate(0, 1.1) for _ in speakers]
    issues = tuple(words.issues.values())
    picked = rng.choices(speakers, weights, k=n)
    for number, speaker in enumerate(picked):
        said_at = _END - timedelta(seconds=int(rng.random() * _SPAN_SECONDS))
        issue = issues[int(rng.random() * len(issues))]
        text = voice.speak_briefly(issue, speaker, said_at.date())
        yield DemoComment(
            source_id=f"load-{seed}-{number}", said_at=said_at, account=speaker.account,
            contact=None, channel="api", kind="comment", text=text, hurt=None, touches=None,
            would_solve=None, wants_senior=False, may_ask_others=False, not_seen_by=None,
        )  # fmt: skip
