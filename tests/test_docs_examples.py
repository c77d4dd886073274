"""The example of CONTRIBUTING.md works as an outsider would install it: beside Bogam, found by its entry point."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "examples"
PROGRAM = """
import json, sys
from bogam import Actor, Bogam
from bogam.access.identity import Role
from bogam.synthetic import ward
b = Bogam(sys.argv[1])
b.load(ward(patients=2).bundles[0])
b.load(ward(patients=2).bundles[1])
me = Actor("kim", "Kim", Role.physician)
patient = b.patients(actor=me, purpose="treatment").rows[0].card.id
draft = b.run("allergy-card", patient=patient, actor=me, purpose="treatment")
print(json.dumps([claim.support.state for claim in (*draft.claims, *draft.missing)]))
"""


def test_a_skill_from_outside_is_found_and_verified(tmp_path: Path) -> None:
    project = tomllib.loads((EXAMPLES / "allergy_card" / "pyproject.toml").read_text("utf-8"))["project"]
    metadata = tmp_path / "site" / "bogam_allergy_card-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    points = project["entry-points"]["bogam.skills"]
    (metadata / "entry_points.txt").write_text(
        "[bogam.skills]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
    )
    path = f"{EXAMPLES}:{tmp_path / 'site'}"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "ward")],
        env={"PYTHONPATH": path, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) <= {"supported", "absence"}
    assert done.stdout != "[]\n"
