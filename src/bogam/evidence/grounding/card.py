"""The card of the grounding model."""

from __future__ import annotations

from collections.abc import Mapping


def card(figures: Mapping[str, float], size: int) -> str:
    """Return CARD.md."""
    lines = "\n".join(f"| {name} | {value:.3f} |" for name, value in figures.items())
    return f"""# Grounding

Three logistic regressions and a table of inverse document frequencies ({size:,} bytes): does a dialogue bear out a
sentence, one of its numbers, one of its sides.

- Data: ACI-Bench (Yim, Fu, Ben Abacha, Snider, Lin, Yetisgen: "Aci-bench: a Novel Ambient Clinical Intelligence
  Dataset for Benchmarking Automatic Visit Note Generation", Scientific Data 2023), CC BY 4.0. English, role-played.
- Split: sentences and sides have weights from the 67 visits of train and floors from train and the 20 visits of
  validation together. Numbers have weights from both, and their floor from five-fold cross-validation over the visits
  of both. Test 1 is for `bogam measure notes` alone.
- Numbers: altered by a tenfold slip and by a changed digit. A sign that ten times as much or a tenth was said of the
  same thing, and that another value fits better, is among the signs.
- Made by `bogam train grounding --data DIR`, deterministic.
- Korean: the words are compared through the bilingual lexicon, but no Korean dialogue was trained on or measured.
- Not for: deciding that a sentence is true. It says whether the dialogue bears it out. A wrong number that was said of
  something similar is often not seen.

On train and validation (the floors are set here; the weights of numbers are cross-validated):

| what | share |
|---|---|
{lines}
"""
