"""The rarity of hashed words in the encoder's corpus: python bench/encoder_rarity.py CORPUS_JSON OUT."""

import json
import sys
from pathlib import Path

import numpy as np

from nlp.encoder.static import encoder
from nlp.features import document_rarity

if __name__ == "__main__":
    said = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    np.save(sys.argv[2], document_rarity(said, encoder()).astype(np.float16))
