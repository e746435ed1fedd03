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
    ("masking recall", "masking", "recall", 0.95),
    ("masking precision", "masking", "precision", 0.90),
)


def limits(results: Mapping[str, Mapping[str, object]]) -> Iterator[Figure]:
    """Each figure with its floor, of the steps that there are results of."""
    for what, name, key, limit in _LIMITS:
        value = results.get(name, {}).get(key)
        if isinstance(value, int | float):
            yield Figure(what, value, limit, "", at_least=True)
