"""The floors of the design beside what was measured."""

from collections.abc import Iterator, Mapping

from bench.figure import Figure

_LIMITS = (
    ("themes, all examples", "themes banking77 full static", "accuracy", 0.930),
    ("themes, 10 examples", "themes banking77 10 static", "accuracy", 0.825),
    ("themes, 5 examples", "themes banking77 5 static", "accuracy", 0.76),
    ("themes, name only", "themes banking77 name static", "accuracy", 0.58),
    ("grouping 3,080, static", "grouping banking77-test static", "b_cubed_f1", 0.575),
    ("grouping 10,003, static", "grouping banking77-train static", "b_cubed_f1", 0.52),
    ("grouping 3,080, MiniLM", "grouping banking77-test accurate", "b_cubed_f1", 0.62),
    ("grouping 10,003, MiniLM", "grouping banking77-train accurate", "b_cubed_f1", 0.58),
    ("full reading, Banking77, a cpu-second", "speed banking77-test static", "comments_per_cpu_second", 5000),
    ("full reading, CFPB, a cpu-second", "speed cfpb-all static", "comments_per_cpu_second", 400),
    ("vectors, Banking77, a cpu-second", "speed banking77-test static", "vectors_per_cpu_second", 100_000),
    ("new or not, 3,080", "novelty banking77-test", "auroc", 0.88),
    ("new or not, 10,003", "novelty banking77-train", "auroc", 0.88),
    ("half, then join, 3,080", "halves banking77-test", "b_cubed_f1", 0.85),
    ("half, then join, 10,003", "halves banking77-train", "b_cubed_f1", 0.85),
    ("masking recall", "masking", "recall", 0.95),
    ("masking precision", "masking", "precision", 0.90),
    ("masking starts recall", "masking starts", "recall", 0.95),
    ("masking starts precision", "masking starts", "precision", 0.90),
)
_MOST = (
    ("one alone, ms", "speed banking77-test static", "one_alone_p95_ms", 10),
    ("one join, ms", "joining", "p95_ms", 5),
    ("grouping 10,003 with encoding, cpu-s", "grouping banking77-train static", "seconds", 2),
    ("100,000 on SQLite, s", "archive 100000 sqlite", "grouped_seconds", 120),
    ("1,000,000 on PostgreSQL, s", "archive 1000000 postgresql", "grouped_seconds", 900),
    ("read worker, MB", "archive 100000 sqlite", "read_mb", 250),
    ("group worker, MB", "archive 100000 sqlite", "group_mb", 600),
)


def limits(results: Mapping[str, Mapping[str, object]]) -> Iterator[Figure]:
    """Each figure with its floor, of the steps that there are results of."""
    for at_least, listed in ((True, _LIMITS), (False, _MOST)):
        for what, name, key, limit in listed:
            value = results.get(name, {}).get(key)
            if isinstance(value, int | float):
                yield Figure(what, value, limit, "", at_least=at_least)
