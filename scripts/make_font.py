"""Make the font that PDF exports embed: a subset of Pretendard under a name of its own.

    npm pack pretendard@1.3.9 && tar xzf pretendard-1.3.9.tgz
    python scripts/make_font.py package/dist/public/static/alternative/Pretendard-Regular.ttf package/dist/LICENSE.txt

Pretendard is under the SIL Open Font License 1.1 with its name reserved, so a changed version must not carry it: the
subset is named Bogam Sans. Needs fonttools. The result is the same bytes for the same input.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parents[1] / "src" / "bogam" / "evidence" / "export" / "font"
NAME = "Bogam Sans"
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),  # Latin-1, Latin Extended-A
    (0x218, 0x21B),
    (0x2C6, 0x2DC),
    (0x391, 0x3C9),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x2010, 0x2027),  # dashes, quotes, bullets
    (0x2030, 0x203A),
    (0x2070, 0x209C),  # superscripts
    (0x20A9, 0x20AC),
    (0x2103, 0x2126),
    (0x2150, 0x217F),
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22FF),
    (0x2460, 0x2473),
    (0x25A0, 0x25CF),
    (0x3000, 0x3017),
    (0x3131, 0x318E),  # Hangul compatibility jamo
    (0x3200, 0x33FF),  # enclosed and squared, e.g. ㎎ ㎖
    (0xAC00, 0xD7A3),  # Hangul syllables
    (0xFF01, 0xFF5E),
    (0xFFFD, 0xFFFD),
)


def make(source: Path) -> bytes:
    """Subset, rename and write the font; return its bytes."""
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "vhea", "vmtx", "BASE", "STAT", "DSIG"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)
    for record in font["name"].names:
        text = {1: NAME, 3: f"{NAME} Regular", 4: f"{NAME} Regular", 6: "BogamSans-Regular"}.get(record.nameID)
        if text is not None:
            record.string = text
    target = OUT / "BogamSans-Regular.ttf"
    font.save(target)
    return target.read_bytes()


def main() -> None:
    """Write the font and its licence beside the exporter."""
    if len(sys.argv) != 3:
        sys.exit("usage: make_font.py Pretendard-Regular.ttf LICENSE.txt")
    OUT.mkdir(parents=True, exist_ok=True)
    size = len(make(Path(sys.argv[1])))
    (OUT / "OFL.txt").write_bytes(Path(sys.argv[2]).read_bytes())
    print(f"{OUT / 'BogamSans-Regular.ttf'}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
