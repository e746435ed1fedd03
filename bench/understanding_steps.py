"""Every measurement of the table: its name, who runs it, its words, and what it hangs on."""

from dataclasses import dataclass
from pathlib import Path

from bench.understanding_files import LABELS

SHOTS = (("full", None), ("10", 10), ("5", 5), ("name", 0))
PEER_SEEDS, OUR_SEEDS = 5, 5
SETS = (("banking77", "all 77"), ("other39", "other 39"))
ARCHIVES = (("100000", "sqlite"), ("100000", "postgresql"), ("1000000", "postgresql"))
GROUPED = (("banking77-test", 3080), ("banking77-train", 10003))
_WHOLE = ("nlp", "workers", "voc/analysis", "voc/db", "voc/intake", "voc/issues")
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Step:
    """One command; `peer` runs in the peers' environment. `files` are the data it reads.

    `code` are our folders whose change makes the result old, `seconds` when it is given up.
    """

    name: str
    words: tuple[str, ...]
    files: tuple[Path, ...]
    peer: bool = False
    code: tuple[str, ...] = ("nlp",)
    seconds: int = 1500


def steps(files: Path, data: Path, encoder_folder: Path) -> list[Step]:
    """All steps whose data are there, ours with the static encoder first, the slowest peer last."""
    accurate = ("--encoder", "accurate", "--encoder-folder", str(encoder_folder))
    found = [
        *_speed(files, "static", ()),
        *_sets(data, files),
        *_ours(files, "static", ()),
        *_arriving(files),
        *_peers(files),
        *_ours(files, "accurate", accurate),
        *_speed(files, "accurate", accurate),
        *_slow(files),
        *archives(),
    ]
    return [step for step in found if all(path.is_file() for path in step.files)]


def _evaluate(*words: str) -> tuple[str, ...]:
    return ("-m", "nlp.evaluate", *words)


def _ours(files: Path, side: str, extra: tuple[str, ...]) -> list[Step]:
    found = []
    for name, _ in GROUPED:
        path = files / f"{name}.csv"
        found.append(
            Step(f"grouping {name} {side}", _evaluate("grouping", "--input", str(path), *extra), (path,))
        )
    for where, shots_of in (*((name, SHOTS) for name, _ in SETS), ("cfpb", SHOTS[:1])):
        train, test = files / f"{where}-train.csv", files / f"{where}-test.csv"
        both = ("themes", "--train", str(train), "--test", str(test))
        for kind, shots in shots_of:
            few = () if shots is None else ("--shots", str(shots), "--seeds", str(OUR_SEEDS if shots else 1))
            found.append(Step(f"themes {where} {kind} {side}", _evaluate(*both, *few, *extra), (train, test)))
    train, test = files / "nlupp-train.csv", files / "nlupp-test.csv"
    words = ("-m", "bench.understanding_ours", str(train), str(test), *extra)
    found.append(Step(f"several nlupp {side}", words, (train, test)))
    return found


def _speed(files: Path, side: str, extra: tuple[str, ...]) -> list[Step]:
    themes = ("--themes", str(_ROOT / "voc" / "analysis" / "starter_themes.toml"))
    found = []
    for name in ("banking77-test", "cfpb-all" if side == "static" else "cfpb-400"):
        path = files / f"{name}.csv"
        found.append(
            Step(
                f"speed {name} {side}",
                _evaluate("speed", "--input", str(path), *themes, *extra),
                (path,),
                code=("nlp", "voc/analysis"),
            )
        )
    return found


def _arriving(files: Path) -> list[Step]:
    """What comments meet that come one by one."""
    found = []
    for kind in ("novelty", "halves"):
        for name, _ in GROUPED:
            path = files / f"{name}.csv"
            found.append(Step(f"{kind} {name}", _evaluate(kind, "--input", str(path)), (path,)))
    path = files / "banking77-train.csv"
    return [*found, Step("joining", _evaluate("joining", "--input", str(path)), (path,))]


def archives() -> list[Step]:
    """Everything that `voc up` starts, from accepted to grouped."""
    return [
        Step(
            f"archive {number} {where}", ("-m", "bench.archive", number, where), (), code=_WHOLE, seconds=5400
        )
        for number, where in ARCHIVES
    ]


def _sets(data: Path, files: Path) -> list[Step]:
    """Our own labelled sets; two of them name places in the data."""
    beside = ("--data", str(data))
    judged = data / "banking77" / "test.csv"  # stands for the data as a whole
    plain = LABELS / "leaving_probe.jsonl"
    risk, feelings, peer = LABELS / "risk_test.jsonl", LABELS / "sentiment_test.jsonl", files / "vader.csv"
    vader = ("vader", "-", str(files / "sentiment.csv"), str(peer))
    sentiment = _evaluate("sentiment", "--input", str(feelings), "--peer", str(peer), *beside)
    return [
        _masking("masking", "masking_test.jsonl", "masking_names.txt", "masking_clients.txt"),
        _masking(
            "masking starts",
            "masking_starts_test.jsonl",
            "masking_starts_people.txt",
            "masking_starts_clients.txt",
        ),
        Step("risk", _evaluate("risk", "--input", str(risk), *beside), (risk, judged)),
        Step("risk plain", _evaluate("risk", "--input", str(plain), *beside), (plain, judged)),
        Step("vader", vader, (files / "sentiment.csv",), peer=True),
        Step("sentiment", sentiment, (feelings, judged)),
    ]


def _masking(name: str, *files: str) -> Step:
    masks, people, clients = (LABELS / file for file in files)
    told = ("--names-file", str(people), "--clients-file", str(clients))
    return Step(name, _evaluate("masking", "--input", str(masks), *told), (masks, people, clients))


def _peers(files: Path) -> list[Step]:
    found = []
    for where, _ in SETS:
        both = tuple(files / f"{where}-{part}.csv" for part in ("train", "test"))
        for peer, kinds in (("tfidf", SHOTS[:3]), ("minilm", SHOTS)):
            for kind, shots in kinds:
                words = (
                    "themes",
                    peer,
                    *map(str, both),
                    "all" if shots is None else str(shots),
                    str(PEER_SEEDS),
                )
                found.append(Step(f"themes {where} {kind} {peer}", words, both, peer=True))
    for peer in ("tfidf", "minilm"):
        cfpb = tuple(files / f"cfpb-{part}.csv" for part in ("train", "test"))
        nlupp = tuple(files / f"nlupp-{part}.csv" for part in ("train", "test"))
        found.append(
            Step(f"themes cfpb full {peer}", ("themes", peer, *map(str, cfpb), "all", "1"), cfpb, peer=True)
        )
        found.append(Step(f"several nlupp {peer}", ("several", peer, *map(str, nlupp)), nlupp, peer=True))
    for name, _ in GROUPED:
        path = files / f"{name}.csv"
        found.append(
            Step(f"grouping {name} bertopic", ("grouping", "bertopic", str(path)), (path,), peer=True)
        )
    test = files / "banking77-test.csv"
    return [
        *found,
        *(
            Step(f"speed banking77-test {peer}", ("speed", peer, str(test)), (test,), peer=True)
            for peer in ("minilm", "tokens")
        ),
    ]


def _slow(files: Path) -> list[Step]:
    """SpaCy's ensemble learns for minutes; with few examples it sees them more often."""
    found = []
    test = files / "banking77-test.csv"
    both = (files / "banking77-train.csv", test)
    for kind, shots in (("10", "10"), ("full", "all")):
        words = ("themes", "textcat", *map(str, both), shots, "1")
        found.append(Step(f"themes banking77 {kind} textcat", words, both, peer=True))
    return found
