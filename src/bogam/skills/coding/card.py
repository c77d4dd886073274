"""The card of the coding model."""

from __future__ import annotations

from bogam.skills.coding.model import Model


def card(model: Model, figures: dict[str, float], size: int) -> str:
    """Return CARD.md for a model with its cross-validated figures and its size in bytes."""
    tables = model.tables
    told = "\n".join(f"| {name} | {value:.3f} |" for name, value in figures.items())
    return f"""# Coding model

Suggests ICD-10-CM diagnosis codes for a text: which codes, how probable each is, and the words that speak for it.
A person decides; the model files nothing.

**What it is.** {len(tables.phrases):,} phrases learned from training cases, {len(tables.titles):,} titles and inclusion
terms of ICD-10-CM (April 2026 release), and {len(model.trees.feature)} gradient-boosted trees over what they say about
each code. NumPy arrays, {size / 1e6:.2f} MB, no pickle. Made by `bogam train coding --data DIR`.

**Data.** CodiEsp, English machine translations, 500 training cases with {sum(tables.prior.values()):,} codes.
Licence CC BY 4.0. Citation: A. Miranda-Escalada, A. Gonzalez-Agirre, J. Armengol-Estapé, M. Krallinger, "Overview of
automatic clinical coding: annotations, guidelines, and solutions for non-English clinical cases at CodiEsp track of
CLEF eHealth 2020", CLEF 2020. The phrases were found by aligning the annotators' Spanish words with the English text.
ICD-10-CM is a work of the US government (CDC, NCHS).

**Split.** Features, threshold ({model.threshold:.3f}) and calibration were chosen by 5-fold cross-validation within the
training cases. The 250 cases that CodiEsp calls dev were not looked at; `bogam measure coding --data DIR` scores them.

| cross-validated within training | |
|---|---|
{told}

**What not to use it for.** Not for filing or billing without a coder, not for Korean text (only English words in it are
read), not as a list of what a patient has. It learned from published case reports of unusual cases, translated by
machine, whose annotators also coded some findings that were denied; common chronic disease in short notes is rarer
there than in a hospital. A probability is calibrated on such reports only. Codes that no training case has are known by
their title alone.
"""
