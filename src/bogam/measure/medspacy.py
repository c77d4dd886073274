"""medspaCy over the same sentences and notes, in an environment of its own, because it pins old versions."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bogam.measure.figure import Say

_OFF: Final = "BOGAM_MEDSPACY"
"""Environment variable: ``off`` leaves medspaCy out, a path names the Python of an environment that has it."""
_INSTALL: Final = 1200
_RUN: Final = 600

_SCRIPT: Final = """
import json, sys, time
from importlib.metadata import version
import medspacy
from medspacy.ner import TargetRule
from spacy.tokens import Span

asked = json.load(open(sys.argv[1], encoding="utf-8"))
nlp = medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"])
context = nlp.get_pipe("medspacy_context")
sentences = nlp.get_pipe("medspacy_pyrush")
labels = []
for one in asked["sentences"]:
    doc = sentences(nlp.make_doc(one["text"]))
    span = doc.char_span(one["start"], one["end"], label="TARGET", alignment_mode="expand")
    doc.ents = [span]
    made = context(doc).ents[0]._
    labels.append(
        "other" if made.is_family else "absent" if made.is_negated else "hypothetical" if made.is_hypothetical
        else "possible" if made.is_uncertain else "historical" if made.is_historical else "present"
    )
nlp.get_pipe("medspacy_target_matcher").add([TargetRule(each, "TARGET") for each in asked["targets"]])
nlp("Warm up: no fever.")
start = time.perf_counter()
found = sum(len(nlp(text).ents) for text in asked["notes"])
seconds = time.perf_counter() - start
told = {"labels": labels, "seconds": seconds, "found": found, "version": version("medspacy")}
json.dump(told, open(sys.argv[2], "w"))
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What medspaCy made of it: a label for each sentence, and notes read a second on one core."""

    labels: tuple[str, ...]
    notes_per_s: float
    version: str


def compare(sentences: list[tuple[str, int, int]], notes: list[str], targets: list[str], say: Say) -> Answer | None:
    """Run medspaCy's sentence splitter, target matcher and ConText rules (no trained model is needed).

    Parameters
    ----------
    sentences
        Text, start and end of the target whose assertion is asked for.
    notes
        English notes to be timed.
    targets
        Words that the target matcher looks for in the notes.

    Returns
    -------
    Answer or None
        None, and a line that says why, where it is not installed and cannot be.
    """
    python = _python(say)
    if python is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        asked, told, script = (Path(folder) / name for name in ("asked.json", "told.json", "run.py"))
        body = {"sentences": [{"text": t, "start": a, "end": b} for t, a, b in sentences]}
        asked.write_text(json.dumps(body | {"notes": notes, "targets": targets}), encoding="utf-8")
        script.write_text(_SCRIPT, encoding="utf-8")
        if not _ran([str(python), str(script), str(asked), str(told)], _RUN, say):
            return None
        answer: dict[str, Any] = json.loads(told.read_bytes())
    return Answer(tuple(answer["labels"]), len(notes) / answer["seconds"], answer["version"])


def _python(say: Say) -> Path | None:
    """Return the Python of the environment, made on first use."""
    chosen = os.environ.get(_OFF, "")
    if chosen:
        if chosen == "off":
            say(f"medspaCy is left out, because {_OFF} is off")
        return None if chosen == "off" else Path(chosen)
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "bogam" / "medspacy"
    python, done = cache / "bin" / "python", cache / "installed"
    if done.exists():
        return python
    say(f"medspaCy is being installed in {cache}, which takes minutes; {_OFF}=off leaves it out")
    steps = ([sys.executable, "-m", "venv", str(cache)], [str(python), "-m", "pip", "install", "-q", "medspacy"])
    if not all(_ran(step, _INSTALL, say) for step in steps):
        return None
    done.touch()
    return python


def _ran(command: list[str], seconds: float, say: Say) -> bool:
    """Run a command on one core; where it fails say so."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    try:
        done = subprocess.run(command, timeout=seconds, capture_output=True, text=True, env=os.environ | threads)
    except (subprocess.TimeoutExpired, OSError) as error:
        say(f"compared without medspaCy: {error}")
        return False
    if done.returncode:
        say(f"compared without medspaCy: {(done.stderr.strip().splitlines() or ['it failed'])[-1][:300]}")
    return not done.returncode
