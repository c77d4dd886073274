"""The example of CONTRIBUTING.md works as an outsider would install it: beside Bogam, found by its entry point."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from bogam.synthetic.upstream.server import Asked, Reply, Upstream

ASKING = """
import json, sys
from pathlib import Path
from bogam import Actor, Bogam
from bogam.access.identity import Role
b = Bogam(sys.argv[1])
me = {"actor": Actor("kim", "Kim", Role.physician), "purpose": "treatment"}
done = b.import_source("formulary", [Path(sys.argv[2])])
found = b.look_up("formulary", "search", {"text": "vancomycin", "route": "IV"}, **me)
unknown = b.look_up("formulary", "get", {"id": "X9"}, **me)
b.enable_source("formulary", base=sys.argv[3])
live = b.look_up("formulary", "search", {"text": "vancomycin"}, way="live", **me)
failed = b.look_up("formulary", "get", {"id": "V1"}, way="live", **me)
print(json.dumps([
    [done.stored, done.refused], [found.status, found.items[0].ref, found.version], unknown.status,
    [live.status, live.items[0].fields == found.items[0].fields], failed.status,
]))
"""
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


def _installed(folder: str, group: str, site: Path) -> str:
    """Put an example beside Bogam as `pip install` would, and return the path on which both are found."""
    project = tomllib.loads((EXAMPLES / folder / "pyproject.toml").read_text("utf-8"))["project"]
    metadata = site / f"{project['name'].replace('-', '_')}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    points = project["entry-points"][group]
    lines = "".join(f"{name} = {target}\n" for name, target in points.items())
    (metadata / "entry_points.txt").write_text(f"[{group}]\n{lines}")
    return f"{EXAMPLES}:{site}"


def _run(program: str, path: str, *args: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, args)],
        env={"PYTHONPATH": path, "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_skill_from_outside_is_found_and_verified(tmp_path: Path) -> None:
    path = _installed("allergy_card", "bogam.skills", tmp_path / "site")
    said = _run(PROGRAM, path, tmp_path / "ward")
    assert set(json.loads(said)) <= {"supported", "absence"}
    assert said != "[]\n"


def test_a_source_from_outside_is_mirrored_and_asked_live(tmp_path: Path) -> None:
    path = _installed("formulary", "bogam.sources", tmp_path / "site")
    row = {"code": "V1", "name": "Vancomycin 1 g vial", "route": "IV", "restricted_to": "infectious diseases"}
    rows = [row | {"revised": "2026-10-01"}, row | {"code": "", "revised": ""}]
    table = "\n".join([",".join(rows[0]), *(",".join(each.values()) for each in rows)])
    file = tmp_path / "formulary.csv"
    file.write_text(table + "\n", "utf-8")

    def server(asked: Asked) -> Reply:
        whole = {"drugs": rows[:1], "total": 1}
        return Reply(whole if asked.path == "/drugs" else {"code": "V1"})  # a drug without its name

    with Upstream(server) as upstream:
        said = json.loads(_run(ASKING, path, tmp_path / "ward", file, upstream.base))
    assert said == [[1, 1], ["found", "formulary:V1", "2026-10-01"], "unknown_id", ["found", True], "upstream_error"]
