"""Draw the house: three floors, what flows up through them, and who reads what comes out.

    python -m tests.site.architecture

Two pictures, for a light and a dark ground, in docs/images. Rooms named in them must exist; a test asks.
"""

import sys
from html import escape
from pathlib import Path

__all__ = ["GROUNDS", "PLACES", "drawn", "main"]

IMAGES = Path(__file__).parents[2] / "docs" / "images"
WIDTH, HEIGHT = 960, 708
GROUNDS = {
    "light": {
        "ground": "#ffffff",
        "ink": "#17191c",
        "quiet": "#50555c",
        "line": "#8a9099",
        "room": "#f3f5f7",
        "mark": "#1f5fa8",
    },
    "dark": {
        "ground": "#14161a",
        "ink": "#f1f3f5",
        "quiet": "#b4bac3",
        "line": "#7d848e",
        "room": "#1d2025",
        "mark": "#7fb2f0",
    },
}
"""Colours of each ground."""
FLOORS = (
    (
        "dashboard",
        "shows: pages, sentences, decks, commands",
        ("command/", "pages/", "figures/", "export/", "signin/"),
    ),
    (
        "analysis",
        "computes: estimates, suppliers, rules, pressure",
        ("estimate/", "supply/", "rules/", "pressure/", "scenario/"),
    ),
    (
        "survey",
        "keeps: answers, codebook, weights, ledger",
        ("formats/", "codebook.py", "clean.py", "weights.py", "ledger.py"),
    ),
)
"""Highest first: floor, what it does, five of its rooms."""
PLACES = tuple(f"{floor}/{room}" for floor, _, rooms in FLOORS for room in rooms)
"""Every place the picture names."""
LEFT = (
    ("survey file", "SPSS, Excel, CSV, others"),
    ("study.toml", "codebook, weights"),
    ("links", "who supplies whom"),
    ("data/regulation", "rules, dated, sourced"),
)
RELEASES = (
    ("internal", "rows of firms; sign-in off this machine"),
    ("members", "protected tables, attacked"),
    ("public", "protected tables, attacked"),
)


def drawn(ground: str) -> str:
    """The picture as SVG, on the ground `light` or `dark`."""
    colours = GROUNDS[ground]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="t d" font-family="Inter, Hiragino Sans, Yu Gothic UI, Noto Sans CJK JP, system-ui, '
        'Arial, sans-serif">',
        '<title id="t">The house of Crosspressure</title>',
        '<desc id="d">Inputs on the left enter the ground floor, survey; analysis makes numbers of them; '
        "a build writes three Releases, one for each audience; the dashboard above reads one Release and "
        "nothing else.</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours["ground"]}"/>',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{colours["line"]}"/></marker></defs>',
    ]
    tops = {"dashboard": 88, "analysis": 400, "survey": 552}
    for floor, does, rooms in FLOORS:
        parts += _floor(colours, floor, does, rooms, tops[floor])
    parts += [_text(colours, 264, 40, "Each floor may look down, never up.", "ink", 20, weight=650)]
    parts += [_text(colours, 264, 66, "Floors meet at their front doors alone; tests hold it.", "quiet", 15)]
    for number, (name, says) in enumerate(RELEASES):
        parts += _box(colours, 264 + number * 224, 264, 208, 72, name, says.split("; "), "mark")
    parts += [_text(colours, 24, 287, "Releases", "ink", 15, weight=650)]
    parts += [
        _text(colours, 24, 306, "finished numbers, one", "quiet", 13),
        _text(colours, 24, 324, "folder for each audience", "quiet", 13),
    ]
    for x in (368, 592, 816):
        parts += [_arrow(colours, x, 400, x, 342), _arrow(colours, x, 264, x, 206)]
    parts += [
        _text(colours, 378, 376, "build", "quiet", 14),
        _text(colours, 378, 240, "serve, brief, benchmark", "quiet", 14),
    ]
    parts += [
        _arrow(colours, 592, 552, 592, 516),
        _text(colours, 602, 540, "waves, weights, design", "quiet", 14),
    ]
    for number, (name, says) in enumerate(LEFT):
        y = (552, 612, 400, 460)[number]
        parts += _box(colours, 24, y, 184, 52, name, [says], "line")
        parts.append(_arrow(colours, 208, y + 26, 258, y + 26))
    parts += _box(
        colours, 24, 104, 184, 84, "people", ["browser, command line,", "deck, workbook, PDF"], "line"
    )
    parts.append(_arrow(colours, 264, 146, 214, 146))
    parts += [
        _text(
            colours,
            24,
            690,
            "Pages ask their own server alone. What a firm brings to compare itself is kept nowhere.",
            "quiet",
            15,
        )
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _floor(colours: dict[str, str], name: str, does: str, rooms: tuple[str, ...], top: int) -> list[str]:
    parts = [_rect(264, top, 656, 112, colours["room"], colours["line"])]
    parts += [
        _text(colours, 280, top + 30, name, "ink", 18, weight=650),
        _text(colours, 280, top + 54, does, "quiet", 15),
    ]
    for number, room in enumerate(rooms):
        x = 280 + number * 126
        parts.append(_rect(x, top + 68, 118, 30, colours["ground"], colours["line"]))
        parts.append(_text(colours, x + 59, top + 88, room, "ink", 14, anchor="middle"))
    return parts


def _box(
    colours: dict[str, str], x: int, y: int, wide: int, high: int, name: str, says: list[str], edge: str
) -> list[str]:
    parts = [_rect(x, y, wide, high, "none", colours[edge])]
    parts.append(_text(colours, x + 12, y + 23, name, "ink", 15, weight=650))
    return parts + [
        _text(colours, x + 12, y + 42 + 18 * line, words, "quiet", 13) for line, words in enumerate(says)
    ]


def _rect(x: int, y: int, wide: int, high: int, fill: str, edge: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="{fill}" stroke="{edge}"/>'


def _text(
    colours: dict[str, str],
    x: int,
    y: int,
    words: str,
    colour: str,
    size: int,
    *,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{colours[colour]}">{escape(words)}</text>'
    )


def _arrow(colours: dict[str, str], x1: int, y1: int, x2: int, y2: int) -> str:
    path = f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{colours["line"]}" stroke-width="1.5" fill="none" '
    return path + 'marker-end="url(#a)"/>'


def main() -> int:
    """Write both pictures."""
    for ground in GROUNDS:
        (IMAGES / f"architecture-{ground}.svg").write_text(drawn(ground), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
