#!/usr/bin/env python3
"""Rút gọn phông chữ của trang: chữ Việt, dấu câu, mũi tên; một trục độ đậm 400–700; WOFF2 dưới 40 kB.

The site's font is made once and committed; a build never runs this. To make it again:

    npm pack source-sans@3.52.0 && tar xzf source-sans-3.52.0.tgz package/VF/SourceSans3VF-Upright.ttf
    .venv/bin/python scripts/font.py package/VF/SourceSans3VF-Upright.ttf

«Source» is a reserved font name (SIL OFL 1.1, section 3): what is cut down must go by another, so it is renamed.
"""

import io
import sys
import unicodedata
from pathlib import Path

import command

OUT = command.ROOT / "hooks/theme/assets/fonts/guong-sang.woff2"

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

NAME = "Guong Sang Sans"
MOST = 40_000

BASES = "AĂÂEÊIOÔƠUƯYaăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
VIETNAMESE = {unicodedata.normalize("NFC", base + tone) for base in BASES for tone in TONES} | set(BASES + "Đđ")
MARKS = set(TONES + "\u0302\u0306\u031b")  # a text in NFD must not fall into two fonts
PUNCTUATION = set("‐‑‒–—‘’‚“”„†•…′″‹›«»·°²³½×÷−≈≠≤≥‰€₫№™←↑→↓✓")
LETTERS = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
CHARACTERS = LETTERS | VIETNAMESE | MARKS | PUNCTUATION


def cut(source: Path) -> bytes:
    """The font with our characters and weights only, as WOFF2; the same bytes each time."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(flavor="woff2", hinting=False, desubroutinize=True, layout_features=["kern", "mark", "mkmk", "ccmp", "locl"],
                             name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)  # fmt: skip
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(char) for char in CHARACTERS])
    cutter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": (400, 700)}, inplace=True)
    for record in font["name"].names:
        if record.nameID in {1, 3, 4, 6}:
            record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME  # noqa: PLR2004 - the PostScript name
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue()


def main() -> int:
    parser = command.Parser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path, help="SourceSans3VF-Upright.ttf")
    data = cut(parser.parse_args().source)
    missing = CHARACTERS - {chr(code) for code in TTFont(io.BytesIO(data)).getBestCmap()}
    if missing or len(data) > MOST:
        print(f"Không dùng được: {len(data)} byte, thiếu {' '.join(sorted(missing)) or 'không chữ nào'}.", file=sys.stderr)
        return 1
    OUT.write_bytes(data)
    print(f"{OUT.name}: {len(data)} byte, {len(CHARACTERS)} chữ.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
