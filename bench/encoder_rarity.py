"""What the corpus says about words and vectors: python bench/encoder_rarity.py CORPUS_JSON OUT_FOLDER."""

import json
import sys
from pathlib import Path

import numpy as np

from nlp.encoder.static import encoder
from nlp.features import document_rarity

if __name__ == "__main__":
    said = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    out = Path(sys.argv[2])
    np.save(out / "middle.npy", encoder().encode(said).mean(axis=0).astype(np.float32))
    np.save(out / "rarity.npy", document_rarity(said, encoder()).astype(np.float16))
