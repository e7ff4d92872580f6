"""Lines of text on a card of SVG: one, or as many as a text takes."""

from html import escape

from dashboard.lines import fit_lines

__all__ = ["LEADING", "text_block", "text_line"]

LEADING = {"en": 1.36, "ja": 1.5}
"""From line to line, in sizes of the letters."""


def text_line(words: str, x: float, y: float, size: float, colour: str, weight: int = 400) -> str:
    """One line of text, `y` its foot."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size:g}" fill="{colour}"{bold}>{escape(words)}</text>'


def text_block(
    parts: list[str], words: str, x: float, y: float, size: float, colour: str, *, width: float, gap: float
) -> float:
    """Add the lines of a text under `y` to `parts`.

    Parameters
    ----------
    width : float
        Pixels that a line may take.
    gap : float
        From line to line, in sizes.

    Returns
    -------
    float
        The foot of the last line.
    """
    for line in fit_lines(words, size, width):
        y += size * gap
        parts.append(text_line(line, x, y, size, colour))
    return y
