"""The card of the visit note's models."""

from __future__ import annotations


def card(sizes: dict[str, int]) -> str:
    """Return CARD.md for models of the given sizes in bytes."""
    told = "\n".join(f"| `{name}` | {size / 1e6:.2f} MB |" for name, size in sizes.items())
    return f"""# Visit-note models

Choose which of a dialogue's own sentences a visit note would have, and in which part of the note. They write nothing:
every sentence is the dialogue's, turned by rules and held to the words it cites.

**What they are.** Linear models over hashed words, NumPy arrays, no pickle. `header`: which of MTS-Dialog's 20 section
headers a short dialogue is about (linear SVM on TF-IDF of words by speaker and of letters). `section` and `note`: how
likely each word of a sentence is to stand in the section or note (logistic regression); sentences are taken while they
raise the expected ROUGE-1. `route`: the part of the note (logistic regression). Made by
`bogam train visit-note --data DIR`.

| file | size |
|---|---|
{told}

**Data.** MTS-Dialog, 1,201 training dialogues (A. Ben Abacha, W. Yim, Y. Fan, T. Lin, "An Empirical Study of Clinical
Note Generation from Doctor-Patient Encounters", EACL 2023) for `header` and `section`. ACI-Bench, 67 training visits
(W. Yim, Y. Fu, A. Ben Abacha, N. Snider, T. Lin, M. Yetisgen, "Aci-bench: a Novel Ambient Clinical Intelligence Dataset
for Benchmarking Automatic Visit Note Generation", Scientific Data 2023) for `note` and `route`. Both CC BY 4.0.

**Split.** Trained on the training splits only. Regularisation and the weight of repeated words were chosen on the
validation splits and by cross-validation within training. Test 1 was scored once: `bogam measure notes --data DIR`.

**What not to use it for.** Not for a note that nobody reads: it leaves out things that matter. Not for Korean
dialogues, in which sentences are chosen by rules. MTS-Dialog's dialogues were written from notes, ACI-Bench's were
acted: real visits wander more, and speech recognition adds errors that neither set has.
"""
