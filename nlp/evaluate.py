"""`python -m nlp.evaluate themes|grouping|novelty|halves|joining|speed|masking|risk|sentiment|starter`: scores on labelled files, one JSON object each."""

import argparse
import csv
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.choice import ENCODERS, choose, encoder
from nlp.evaluating import Figures
from nlp.evaluating.feelings import peer_scores, sentiment_figures
from nlp.evaluating.labelled import BESIDE, read_labelled
from nlp.evaluating.masks import masking_figures
from nlp.evaluating.risk import risk_figures
from nlp.evaluating.starter import starter_figures
from nlp.features import WordHasher
from nlp.gist import gist
from nlp.heads import ThemeSpec
from nlp.pipeline import load, starter_bank
from nlp.scores import adjusted_rand, as_numbers, b_cubed_f1, macro_f1, v_measure
from nlp.second_opinion import OPINION_OF_ALL, Examples, heard
from nlp.theme_bank import ThemeBank

STARTER = Path(__file__).parents[1] / "voc" / "analysis" / "starter_themes.toml"
PASSES = 4
ARCHIVE = 10_000
"""Comments that an installation learns from unsorted, as in voc/analysis/teaching/archive.py."""


def columns(path: Path, *names: str) -> list[list[str]]:
    """The named columns of a CSV file; stops with the names it has when one is missing."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    missing = [name for name in names if rows and name not in rows[0]]
    if missing:
        raise SystemExit(f"{path} has no column {missing[0]!r}; it has {', '.join(rows[0])}.")
    return [[row[name] for row in rows] for name in names]


def plain_name(label: str) -> str:
    """A label as words."""
    return " ".join(label.replace("_", " ").replace("?", "").split())


def drawn_specs(texts: Sequence[str], truth: Sequence[str], shots: int, seed: int) -> list[ThemeSpec]:
    """Themes that know their name and `shots` drawn examples; 0 for the name alone."""
    rng = np.random.default_rng(seed)
    labels = sorted(set(truth))
    where = {label: [at for at, one in enumerate(truth) if one == label] for label in labels}
    drawn = {label: rng.permutation(where[label])[:shots] for label in labels}
    return [
        ThemeSpec(label, plain_name(label), "", tuple(texts[at] for at in drawn[label])) for label in labels
    ]


def few_shot(
    specs: Sequence[ThemeSpec], texts: Sequence[str], test: Sequence[str], *, archive: bool
) -> dict[str, list[str]]:
    """What a new installation's themes say of each text: `plain`, and `taught` by an archive.

    The archive are `texts`, the training texts without their labels: what the installation's clients said before,
    each by another client. Both banks are made as the product makes them (nlp.pipeline, nlp.archive).
    """
    from nlp.archive import Archive, learned_bank  # noqa: PLC0415 - the training worker's libraries

    said = {"plain": _said(starter_bank(specs), test)}
    if archive:
        newest = tuple(texts[-ARCHIVE:])
        known = Archive(newest, tuple(range(len(newest))))
        said["taught"] = _said(learned_bank(specs, known, calibrated=False), test)
    return said


def _said(bank: ThemeBank, test: Sequence[str]) -> list[str]:
    """The theme that fits each text best, without any bar."""
    table, hasher = encoder(), WordHasher()
    said: list[str] = []
    for at in range(0, len(test), 256):
        lines = table.lines(test[at : at + 256])
        margins = bank.margins(table.vectors(lines), hasher.features(table, lines))
        said += [bank.keys[one] for one in margins.argmax(axis=1)]
    return said


def full(train: tuple[list[str], list[str]], test: list[str], labels: list[str]) -> list[str]:
    """What heads say that learned from every training text, one against the rest, and where in doubt the nearest text."""
    from nlp.train import FULL_STRENGTH, feature_matrix, logistic, vectors_of  # noqa: PLC0415 - scikit-learn only where heads are trained

    taught, asked = feature_matrix(train[0]), feature_matrix(test)
    truth = np.array(train[1])[:, None] == np.array(labels)
    heads = [logistic(FULL_STRENGTH, balanced=False).fit(taught, holds) for holds in truth.T]
    margins = np.stack([head.decision_function(asked) for head in heads], axis=1)
    examples = Examples.taught(vectors_of(taught), truth)
    margins = heard(margins.astype(np.float32), vectors_of(asked), examples, OPINION_OF_ALL)
    return [labels[at] for at in margins.argmax(axis=1)]


def themes(given: argparse.Namespace) -> Figures:
    """Accuracy and macro F1 of one theme per text; with few examples also the accuracy without an archive."""
    texts, labels = columns(given.train, given.text_column, given.label_column)
    test, truth = columns(given.test, given.text_column, given.label_column)
    began = time.process_time()
    few = given.shots is not None
    runs = [
        few_shot(drawn_specs(texts, labels, given.shots, seed), texts, test, archive=not given.no_archive)
        if few
        else {"taught": full((texts, labels), test, sorted(set(labels)))}
        for seed in range(given.seeds if given.shots else 1)
    ]
    numbers = {label: at for at, label in enumerate(sorted({*labels, *truth}))}
    right = np.array([numbers[label] for label in truth])
    said = {kind: [np.array([numbers[one] for one in run[kind]]) for run in runs] for kind in runs[0]}
    best = said.get("taught", said.get("plain", []))
    without = {"accuracy_without_archive": _accuracy(right, said["plain"])} if few else {}
    return {
        "accuracy": _accuracy(right, best), **without,
        "macro_f1": round(float(np.mean([macro_f1(right, one) for one in best])), 4),
        "shots": given.shots, "archive": few and not given.no_archive, "draws": len(runs), "n_test": len(test),
        "seconds": round(time.process_time() - began, 2),
    }  # fmt: skip


def _accuracy(right: NDArray[np.int64], runs: Sequence[NDArray[np.int64]]) -> float:
    return round(float(np.mean([(one == right).mean() for one in runs])), 4)


def grouping(given: argparse.Namespace) -> Figures:
    """How well groups found without labels agree with the labels."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no stubs

    from nlp.at_length import letters_apart  # noqa: PLC0415 - the group worker's libraries
    from nlp.grouping import find_groups  # noqa: PLC0415 - the group worker's libraries

    texts, truth = columns(given.input, given.text_column, given.label_column)
    find_groups(encoder().encode(texts[:50]), texts[:50])  # a worker has its libraries in memory
    began = time.process_time()
    with threadpool_limits(limits=1):  # as the group worker
        vectors = encoder().encode([gist(text) or text for text in texts])
    groups = letters_apart(find_groups(vectors, texts, seed=given.seed), texts)
    spent = time.process_time() - began
    right = as_numbers(truth)
    return {
        "b_cubed_f1": round(b_cubed_f1(right, groups.labels), 4),
        "v_measure": round(v_measure(right, groups.labels), 4),
        "ari": round(adjusted_rand(right, groups.labels), 4),
        "groups": int(groups.labels.max()) + 1, "not_grouped": int((groups.labels < 0).sum()),
        "n": len(texts), "seconds": round(spent, 2),
    }  # fmt: skip


def novelty(given: argparse.Namespace) -> Figures:
    """How well comments about something new are told from those about what was said before."""
    from nlp.evaluating.arriving import novelty_figures  # noqa: PLC0415 - the group worker's libraries

    texts, truth = columns(given.input, given.text_column, given.label_column)
    return novelty_figures(texts, truth, draws=given.draws)


def halves(given: argparse.Namespace) -> Figures:
    """Whether comments that join one by one come to lie as if all were grouped at once."""
    from nlp.evaluating.arriving import halves_figures  # noqa: PLC0415 - the group worker's libraries

    return halves_figures(columns(given.input, given.text_column)[0], seed=given.seed)


def joining(given: argparse.Namespace) -> Figures:
    """How long one comment takes to find its group among many."""
    from nlp.evaluating.arriving import joining_figures  # noqa: PLC0415 - the group worker's libraries

    texts = columns(given.input, given.text_column)[0]
    return joining_figures(texts, stored=given.stored, seed=given.seed)


def starter_specs(path: Path) -> list[ThemeSpec]:
    """Themes of a TOML file with [[theme]] tables."""
    import tomllib  # noqa: PLC0415 - only this command reads such a file

    with path.open("rb") as file:
        found = tomllib.load(file)["theme"]
    return [ThemeSpec(one["key"], one["name"], one["description"], tuple(one["examples"])) for one in found]


def speed(given: argparse.Namespace) -> Figures:
    """Full readings and vectors per cpu-second, the best of some passes over the file, and the memory of this process."""
    texts = columns(given.input, given.text_column)[0]
    reader = load(starter_specs(given.themes) if given.themes else ())
    reader.read(texts[:256])
    spent = _passes(reader.read, texts)
    encoding = _passes(encoder().encode, texts)
    alone = []
    for text in texts[:200]:
        start = time.perf_counter()
        reader.read([text])
        alone.append(time.perf_counter() - start)
    return {
        "comments_per_cpu_second": round(len(texts) / min(spent)),
        "first_pass_per_cpu_second": round(len(texts) / spent[0]),
        "vectors_per_cpu_second": round(len(texts) / min(encoding)),
        "one_alone_p95_ms": round(float(np.quantile(alone, 0.95)) * 1000, 2),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "n": len(texts), "seconds": [round(one, 2) for one in spent],
    }  # fmt: skip


def _passes(do: Callable[[list[str]], object], texts: list[str]) -> list[float]:
    """CPU seconds of each of some passes, in batches: the first meets words anew, others only what the machine does beside."""
    spent = []
    for _ in range(PASSES):
        began = time.process_time()
        for at in range(0, len(texts), 256):
            do(texts[at : at + 256])
        spent.append(time.process_time() - began)
    return spent


def masking(given: argparse.Namespace) -> Figures:
    """Recall and precision of masks over JSON lines {"text", "masks": [[start, end, kind]]}."""
    people, clients = (
        path.read_text(encoding="utf-8").splitlines() if path else []
        for path in (given.names_file, given.clients_file)
    )
    reader = load((), known_names=[*(given.names or ()), *people], known_clients=clients)
    return masking_figures(read_labelled(given.input), reader)


def risk(given: argparse.Namespace) -> Figures:
    """Precision and recall of departure and escalation on labelled comments (columns of those names)."""
    return risk_figures(read_labelled(given.input, given.data), load(()))


def sentiment(given: argparse.Namespace) -> Figures:
    """Accuracy of negative, neutral and positive on sentences labelled twice, a peer's scores beside it."""
    peer = peer_scores(given.peer) if given.peer else None
    return sentiment_figures(read_labelled(given.input, given.data), load(()), peer)


def starter(given: argparse.Namespace) -> Figures:
    """Which themes a new installation says of comments labelled by hand (--themes: the file it starts with)."""
    return starter_figures(read_labelled(given.input), load(starter_specs(given.themes or STARTER)))


def main(words: Sequence[str] | None = None) -> None:
    """Read the command's words, run it, print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m nlp.evaluate", description=__doc__)
    kinds = parser.add_subparsers(required=True)
    for run in (themes, grouping, novelty, halves, joining, speed, masking, risk, sentiment, starter):
        _arguments(kinds.add_parser(run.__name__, help=(run.__doc__ or "").splitlines()[0]), run)
    given = parser.parse_args(words)
    choose(given.encoder, given.encoder_folder)
    sys.stdout.write(json.dumps(given.run(given)) + "\n")


def _arguments(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], Figures]) -> None:
    parser.set_defaults(run=run)
    parser.add_argument("--encoder", choices=ENCODERS, default=ENCODERS[0])
    parser.add_argument(
        "--encoder-folder", type=Path, default=Path("data/encoder"), help="keeps MiniLM's file"
    )
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--label-column", default="label")
    if run is themes:
        parser.add_argument("--train", type=Path, required=True)
        parser.add_argument("--test", type=Path, required=True)
        parser.add_argument(
            "--shots", type=int, help="examples per theme; 0 for the name alone; all when left out"
        )
        parser.add_argument("--seeds", type=int, default=5)
        parser.add_argument(
            "--no-archive", action="store_true", help="no unlabelled training texts beside the few examples"
        )
        return
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--draws", type=int, default=5, help="novelty: random halves of the labels")
    parser.add_argument("--stored", type=int, default=100_000, help="joining: comments to join against")
    parser.add_argument("--themes", type=Path, help="a TOML file of themes to read with")
    parser.add_argument("--names", nargs="*", help="known names to mask")
    parser.add_argument("--names-file", type=Path, help="known people to mask, one a line")
    parser.add_argument("--clients-file", type=Path, help="known clients to mask, one a line")
    parser.add_argument("--peer", type=Path, help="a CSV (text, score) of another tool's sentiment")
    parser.add_argument(
        "--data", type=Path, default=BESIDE, help="folder of the data that a label file names"
    )


if __name__ == "__main__":
    main()
