"""``python -m bogam.synthetic OUT_DIR``: write the ward's bundles, ``planted.json`` and ``told.json`` into a folder."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import orjson

from bogam.synthetic.ward import ANCHOR, ward


def main() -> None:
    """Write ``OUT_DIR/ward-000.json`` (what patients share), one file a patient, ``OUT_DIR/planted.json``
    and ``OUT_DIR/told.json`` (what the notes say)."""
    parser = argparse.ArgumentParser(prog="python -m bogam.synthetic", description=main.__doc__)
    parser.add_argument("out", type=Path, help="folder to write into; made where it does not exist")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--patients", type=int, default=42)
    parser.add_argument("--anchor", type=date.fromisoformat, default=ANCHOR, help="the ward's today, YYYY-MM-DD (KST)")
    given = parser.parse_args()
    made = ward(given.seed, given.patients, given.anchor)
    given.out.mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(made.bundles):
        (given.out / f"ward-{number:03}.json").write_bytes(body)
    (given.out / "planted.json").write_bytes(orjson.dumps(made.planted, option=orjson.OPT_INDENT_2))
    (given.out / "told.json").write_bytes(orjson.dumps(made.told, option=orjson.OPT_INDENT_2))
    print(f"{len(made.bundles)} bundles and planted.json ({len(made.planted)} planted) in {given.out}")


if __name__ == "__main__":
    main()
