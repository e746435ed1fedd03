"""docs/understanding.md from the results: tables, and under each the commands that make it."""

from collections.abc import Iterator, Mapping, Sequence

from bench.understanding_steps import ARCHIVES

Results = Mapping[str, Mapping[str, object]]

_HEAD = """# Understanding: what it reaches, beside its peers

Written by `python -m bench understanding`, which installs the peers in an environment of their own and keeps each
result until its words, its data or its code change. `CACHE` is the folder it names with `--cache`; `CACHE/files` are
cut from `../shared/data` by `bench/understanding_files.py`. CPU seconds are those of the whole command on one core,
loading and, for MiniLM, encoding included; other work ran on the machine at the same time. "–" was not measured.

**static** is the encoder that is installed; **accurate** is MiniLM in int8 behind the same interface
(`VOC_ENCODER=accurate`). Risk and sentiment are the same with both. Banking77 never trains the encoder.
"""
_NAMES = {
    "static": "everyclient, static", "accurate": "everyclient, accurate", "tfidf": "tf-idf of words and letters + logistic regression",
    "minilm": "MiniLM (torch) + logistic regression", "textcat": "spaCy textcat ensemble",
    "bertopic": "BERTopic, defaults, + MiniLM (torch)",
}  # fmt: skip
_THEMES = (
    (
        "banking77",
        "Themes, Banking77, all 77 intents",
        (
            "Accuracy on 3,080 comments, the mean of 5 draws of examples (spaCy: one). With few examples or none ours "
            "also learns, as in an installation, from the training texts without their labels; “no archive” is without."
        ),
    ),
    (
        "other39",
        "Themes, the other 39 intents",
        "Settings may be chosen on 38 intents (every second in the order of the alphabet); these are the others.",
    ),
)
_ARCHIVE = "## A whole archive, from accepted to grouped"
_SIDES = ("textcat", "tfidf", "minilm", "static", "accurate")
_KINDS = ("full", "10", "5", "name")


def page(results: Results) -> str:
    """The whole page."""
    parts = [
        _HEAD,
        *_themes(results),
        *_long(results),
        *_grouping(results),
        *_arriving(results),
        *_sets(results),
        *_speed(results),
        *_archives(results),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _value(results: Results, name: str, key: str, digits: int = 3) -> str:
    value = results.get(name, {}).get(key)
    if not isinstance(value, int | float):
        return "–"
    return f"{value:,.{digits}f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _commands(results: Results, *starts: str) -> str:
    said = [str(one["command"]) for name, one in results.items() if name.startswith(starts)]
    return "<details><summary>Commands</summary>\n\n```\n" + "\n".join(said) + "\n```\n</details>\n"


def _themes(results: Results) -> Iterator[str]:
    for where, title, words in _THEMES:
        yield f"## {title}\n\n{words}\n"
        rows = [
            [name, *(_value(results, f"themes {where} {kind} {side}", key) for kind in _KINDS)]
            for side in _SIDES
            for name, key in (
                (_NAMES[side], "accuracy"),
                (f"{_NAMES[side]}, no archive", "accuracy_without_archive"),
            )
        ]
        rows = [row for row in rows if set(row[1:]) != {"–"}]
        yield _table(["", "all examples", "10 examples", "5 examples", "name only"], rows)
        yield _commands(results, f"themes {where} ")


def _long(results: Results) -> Iterator[str]:
    yield "## Long narratives and several themes at once\n"
    yield (
        "CFPB: complaints of companies that were not seen in training (a fifth of the companies), 24 issues. "
        "NLU++: 62 intents, several to an utterance, folds 0 to 3 of 20 asked.\n"
    )
    rows = [
        [
            _NAMES[side],
            *(_value(results, f"themes cfpb full {side}", key) for key in ("accuracy", "macro_f1")),
            *(_value(results, f"several nlupp {side}", key) for key in ("micro_f1", "macro_f1")),
        ]
        for side in _SIDES[1:]
    ]
    yield _table(["", "CFPB accuracy", "CFPB macro F1", "NLU++ micro F1", "NLU++ macro F1"], rows)
    yield _commands(results, "themes cfpb", "several")


def _grouping(results: Results) -> Iterator[str]:
    yield "## Grouping, the number of groups unknown\n\nB-cubed F1; what is in no group stands alone.\n"
    rows = []
    for side in ("bertopic", "static", "accurate"):
        row = [_NAMES[side]]
        for where in ("banking77-test", "banking77-train"):
            name = f"grouping {where} {side}"
            row += [_value(results, name, "b_cubed_f1"), _value(results, name, "groups", 0)]
            row += [_seconds(results, name)]
        rows.append(row)
    head = [
        "",
        "3,080 comments",
        "groups",
        "cpu-s with encoding",
        "10,003 comments",
        "groups",
        "cpu-s with encoding",
    ]
    yield _table(head, rows)
    yield _commands(results, "grouping")


def _arriving(results: Results) -> Iterator[str]:
    yield (
        '## Comments that arrive one by one\n\nAUROC of "was this said before?", half of the intents being new. Agreement '
        "(B-cubed F1) of half grouped and the rest joined one by one with all grouped at once. Both: static.\n"
    )
    asked = {
        "novelty": ("new or not, AUROC", "auroc", "≥ 0.88"),
        "halves": ("half, then join", "b_cubed_f1", "≥ 0.85"),
    }
    rows = [
        [
            title,
            *(_value(results, f"{kind} {where}", key) for where in ("banking77-test", "banking77-train")),
            limit,
        ]
        for kind, (title, key, limit) in asked.items()
    ]
    yield _table(["", "3,080 comments", "10,003 comments", "asked"], rows)
    head = ["one join against 100,000 stored, p95 ms", "asked"]
    yield _table(head, [[_value(results, "joining", "p95_ms", 2), "≤ 5"]])
    yield _commands(results, "novelty", "halves", "joining")


def with_archives(written: str, results: Results) -> str:
    """A page as it was written, with only the table of archives anew."""
    before, _, after = written.partition(_ARCHIVE)
    _, heading, rest = after.partition("\n## ")
    return before + "\n".join(_archives(results)).rstrip() + "\n" + (heading and f"{heading}{rest}")


def _archives(results: Results) -> Iterator[str]:
    yield (
        f"{_ARCHIVE}\n\nThe demo's words through everything that `voc up` starts, two "
        "cores in all. Seconds since the import began; memory is the most a part held.\n"
    )
    rows = []
    for (number, where), limit in zip(ARCHIVES, ("≤ 120", "–", "≤ 900"), strict=True):
        name = f"archive {number} {where}"
        times = [
            _value(results, name, key, 0) for key in ("stored_seconds", "read_seconds", "grouped_seconds")
        ]
        held = [_value(results, name, key, 0) for key in ("read_mb", "group_mb")]
        rows.append([f"{int(number):,}, {where}", *times, limit, *held, _value(results, name, "growth", 2)])
    head = [
        "",
        "stored",
        "read",
        "grouped",
        "asked",
        "read worker, MB",
        "group worker, MB",
        "most held / with a tenth of it (asked ≤ 1.25)",
    ]
    yield _table(head, rows)
    yield _commands(results, "archive")


def _seconds(results: Results, name: str) -> str:
    spent = [results.get(name, {}).get(key, 0) for key in ("seconds", "encoding_seconds")]
    total = sum(one for one in spent if isinstance(one, int | float))
    return f"{total:,.1f}" if total else "–"


def _sets(results: Results) -> Iterator[str]:
    yield "## Our own labelled sets\n\nBrackets are 95 % intervals (Wilson). How the sets were made: tests/nlp/labels/README.md.\n"
    rows = [
        ["masking, recall", _shared(results, "masking", "recall"), "≥ 0.95"],
        ["masking, precision", _shared(results, "masking", "precision"), "≥ 0.90"],
        [
            "masking, line starts and single names, recall",
            _shared(results, "masking starts", "recall"),
            "≥ 0.95",
        ],
        [
            "masking, line starts and single names, precision",
            _shared(results, "masking starts", "precision"),
            "≥ 0.90",
        ],
    ]
    kinds = (
        ("risk", "departure", ""),
        ("risk plain", "departure", " in plain sentences"),
        ("risk", "escalation", ""),
    )
    for step, kind, where in kinds:
        found = results.get(step, {}).get(kind)
        if isinstance(found, Mapping):
            rows.append(
                [f"{kind}{where}, precision", _with(found, "precision"), "≥ 0.90" if not where else ""]
            )
            rows.append([f"{kind}{where}, recall", _with(found, "recall"), "≥ 0.85" if not where else ""])
    for side, name in (("ours", "sentiment, ours"), ("peer", "sentiment, VADER in the same run")):
        found = results.get("sentiment", {}).get(side)
        if isinstance(found, Mapping):
            limit = "10 points above VADER" if side == "ours" else ""
            rows.append([name, _with(found, "accuracy", "interval"), limit])
    yield _table(["", "reached", "asked"], rows)
    yield _commands(results, "masking", "masking starts", "risk", "risk plain", "vader", "sentiment")


def _shared(results: Results, name: str, key: str) -> str:
    return _with(results[name], key) if name in results else "–"


def _with(found: Mapping[str, object], key: str, interval: str = "") -> str:
    between = found.get(interval or f"{key}_interval")
    bracket = f" ({between[0]:.3f} to {between[1]:.3f})" if isinstance(between, list | tuple) else ""
    return f"{found[key]:.3f}{bracket}" if key in found else "–"


def _speed(results: Results) -> Iterator[str]:
    yield (
        "## Speed and size\n\nComments a cpu-second with the starter themes, in batches of 256: themes, severity, risk, "
        "sentiment, masking, evidence.\n"
    )
    rows = []
    for where, side, title in (
        ("banking77-test", "static", "Banking77 (58 characters), static"),
        ("cfpb-all", "static", "CFPB (1,140 characters), static"),
        ("banking77-test", "accurate", "Banking77, accurate"),
        ("cfpb-400", "accurate", "CFPB, the first 400, accurate"),
    ):
        name = f"speed {where} {side}"
        first, best, vectors = (
            _value(results, name, f"{key}_per_cpu_second", 0) for key in ("first_pass", "comments", "vectors")
        )
        if side == "accurate":  # it remembers sentences, so what is read again says nothing
            best = vectors = "–"
        alone, memory = _value(results, name, "one_alone_p95_ms", 1), _value(results, name, "peak_mb", 0)
        rows.append([title, first, best, vectors, alone, memory])
    head = ["", "full readings", "read again, best of 4", "vectors", "one alone, p95 ms", "memory, MB"]
    yield _table(head, rows)
    rows = [
        [
            "group worker, 10,003 comments, static",
            _value(results, "grouping banking77-train static", "peak_mb", 0),
        ],
        ["BERTopic, 10,003 comments", _value(results, "grouping banking77-train bertopic", "peak_mb", 0)],
        [
            "MiniLM in torch, vectors a cpu-second",
            _value(results, "speed banking77-test minilm", "vectors_per_cpu_second", 0),
        ],
        [
            "spaCy's blank tokenizer on this machine, comments a cpu-second (111,000 on the design's)",
            _value(results, "speed banking77-test tokens", "comments_per_cpu_second", 0),
        ],
    ]
    yield _table(["", "MB, or a cpu-second"], rows)
    yield _commands(results, "speed")
