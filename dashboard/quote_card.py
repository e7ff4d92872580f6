"""The picture of a quoted figure: one card of SVG that fetches nothing, and the same as a page."""

from html import escape

from dashboard.card_text import LEADING, text_block, text_line
from dashboard.colours import FONT, Palette, palette
from dashboard.lines import even_lines, fit_lines, text_width
from dashboard.quote_words import QuoteText
from dashboard.wording import say

__all__ = ["CARD_WIDTH", "card_height", "card_page", "draw_card"]

CARD_WIDTH = 1200
"""Width of a card, in pixels."""

_LEAST = 630
_EDGE = 64
_INNER = CARD_WIDTH - 2 * _EDGE
_RIBBON = 48


def draw_card(text: QuoteText, *, ground: str = "light") -> str:
    """The card as SVG.

    Parameters
    ----------
    ground : str
        `light` or `dark`.
    """
    parts, height = _laid_out(text, palette(ground))
    ink = palette(ground)
    title = escape(text.claim)
    said = escape(" ".join(text.lines()))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH}" height="{height}" '
        f'viewBox="0 0 {CARD_WIDTH} {height}" role="img" aria-labelledby="card-title card-words" '
        f'lang="{text.lang}" font-family="{escape(FONT)}">'
        f'<title id="card-title">{title}</title><desc id="card-words">{said}</desc>'
        f'<rect width="{CARD_WIDTH}" height="{height}" fill="{ink.ground}"/>{"".join(parts)}</svg>\n'
    )


def card_height(text: QuoteText) -> int:
    """Height of the card in pixels: more caveats make it taller."""
    return _laid_out(text, palette("light"))[1]


def card_page(text: QuoteText, *, ground: str = "light") -> str:
    """A page that shows the card and, under it, the same as text to copy."""
    ink = palette(ground)
    words = "".join(f"<p>{escape(line)}</p>" for line in text.lines())
    return (
        f'<!doctype html>\n<html lang="{text.lang}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(text.claim)}</title><style>'
        f"body{{margin:0;background:{ink.ground};color:{ink.ink};font-family:{FONT};line-height:1.5}}"
        f"main{{max-width:{CARD_WIDTH}px;margin:0 auto}}svg{{display:block;width:100%;height:auto}}"
        "section{padding:1rem 1.5rem 2rem;overflow-wrap:anywhere}p{margin:.25rem 0}"
        f"</style></head><body><main>{draw_card(text, ground=ground)}"
        f"<section>{words}</section></main></body></html>\n"
    )


def _laid_out(text: QuoteText, ink: Palette) -> tuple[list[str], int]:
    """Pieces of the card from top to bottom, and its height."""
    parts: list[str] = []
    gap = LEADING[text.lang]
    y = float(_EDGE)
    if text.is_synthetic:
        parts.append(f'<rect width="{CARD_WIDTH}" height="{_RIBBON}" fill="{ink.ink}"/>')
        parts.append(text_line(say(text.lang, "quote_caveat.synthetic"), _EDGE, 32, 20, ink.ground, 600))
        y += _RIBBON - 16
    parts.append(text_line(text.wave, _EDGE, y + 4, 22, ink.quiet))
    size = 112 if text_width(text.value, 112) <= _INNER else 64
    y += 16 + size
    parts.append(text_line(text.value, _EDGE - size * 0.04, y, size, ink.ink, 600))
    y += 24
    for line in even_lines(text.claim, 34, _INNER):
        y += 34 * gap
        parts.append(text_line(line, _EDGE, y, 34, ink.ink))
    y += 20
    if text.points is not None:
        y = _scale(parts, text, y, ink)
    y = text_block(parts, text.interval, _EDGE, y, 24, ink.ink, width=_INNER, gap=gap)
    y = text_block(parts, text.base, _EDGE, y, 24, ink.ink, width=_INNER, gap=gap)
    y += 12
    for caveat in text.caveats:
        if not (text.is_synthetic and caveat.startswith(say(text.lang, "quote_caveat.synthetic")[:-1])):
            y = text_block(parts, caveat, _EDGE, y, 20, ink.quiet, width=_INNER, gap=gap)
    source = fit_lines(f"{text.source} · {text.made}", 17, _INNER)
    height = max(_LEAST, round(y + 56 + len(source) * 17 * gap + _EDGE / 2))
    foot = height - _EDGE / 2 - (len(source) - 1) * 17 * gap - 8
    parts.append(f'<path d="M{_EDGE} {foot - 34:.0f}H{CARD_WIDTH - _EDGE}" stroke="{ink.line}"/>')
    parts += [text_line(line, _EDGE, foot + j * 17 * gap, 17, ink.quiet) for j, line in enumerate(source)]
    return parts, height


def _scale(parts: list[str], text: QuoteText, y: float, ink: Palette) -> float:
    """A mark with its interval on a track from 0 to 100 percent; grey, for a quote knows no side."""
    middle, low, high = text.points or (0.0, 0.0, 0.0)
    at = [_EDGE + _INNER * min(max(share, 0.0), 1.0) for share in (low, high, middle)]
    y += 22
    parts.append(
        f'<path d="M{_EDGE} {y:.0f}H{CARD_WIDTH - _EDGE}" stroke="{ink.line}" stroke-width="2"/>'
        f'<path d="M{at[0]:.1f} {y:.0f}H{max(at[1], at[0] + 1):.1f}" stroke="{ink.quiet}" stroke-width="22" '
        f'stroke-opacity=".32"/>'
    )
    if middle == middle:
        parts.append(
            f'<path d="M{at[2]:.1f} {y - 17:.0f}V{y + 17:.0f}" stroke="{ink.quiet}" stroke-width="5"/>'
        )
    ends = (say(text.lang, "unit.percent", value=value) for value in (0, 100))
    for words, x, anchor in zip(ends, (_EDGE, CARD_WIDTH - _EDGE), ("start", "end"), strict=True):
        parts.append(
            f'<text x="{x}" y="{y + 32:.0f}" font-size="17" fill="{ink.quiet}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )
    return y + 44
