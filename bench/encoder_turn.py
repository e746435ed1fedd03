"""Turn MiniLM's vectors into the static encoder's space: python bench/encoder_turn.py WORK OUT_FOLDER.

WORK holds corpus.json and teacher.npy of bench/encoder_recipe.py. Writes turn.npy (384 x 256): the 256
directions that keep most of the corpus, rotated so that the cosine with the static vectors is greatest.
"""

import json
import sys
from pathlib import Path

import numpy as np

from nlp.encoder.static import DIMENSIONS, encoder


def main(work: Path, out: Path) -> None:
    """Write the matrix and print how much it keeps and how near both encoders then are."""
    said = json.loads((work / "corpus.json").read_text(encoding="utf-8"))
    teacher = np.load(work / "teacher.npy")
    teacher = teacher / np.linalg.norm(teacher, axis=1, keepdims=True)
    values, axes = np.linalg.eigh(teacher.T.astype(np.float64) @ teacher)
    kept = axes[:, -DIMENSIONS:]
    table = encoder().encode(said)
    left, _, right = np.linalg.svd((teacher @ kept).T @ table)
    turn = (kept @ (left @ right)).astype(np.float16)
    np.save(out / "turn.npy", turn)
    turned = teacher @ turn.astype(np.float32)
    near = ((turned / np.linalg.norm(turned, axis=1, keepdims=True)) * table).sum(axis=1).mean()
    print({"kept": float(values[-DIMENSIONS:].sum() / values.sum()), "cosine": float(near)})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
