"""Colours and type of the product, light and dark: every colour has one meaning everywhere."""

from dataclasses import dataclass

__all__ = ["DARK", "FONT", "LIGHT", "Palette", "faded", "palette"]

FONT = (
    'Inter, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Hiragino Sans", "Yu Gothic UI", '
    '"Noto Sans CJK JP", "Noto Sans JP", Meiryo, sans-serif'
)
"""System fonts, Latin first, then Japanese; nothing is fetched."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one ground; every colour has one meaning everywhere.

    Attributes
    ----------
    us, cn, both : str
        United States side, Chinese side, both at once.
    ink, quiet, line, ground, raised : str
        Text, second text, hairlines, ground, slightly lifted ground.
    """

    us: str
    cn: str
    both: str
    ink: str
    quiet: str
    line: str
    ground: str
    raised: str


LIGHT = Palette("#1F5FA8", "#B0482B", "#5A2B72", "#1A1C1F", "#565B63", "#D9DCE1", "#FFFFFF", "#F5F6F8")
DARK = Palette("#7FB2F0", "#F0A184", "#AD7DC0", "#ECEEF1", "#A9AFB8", "#3A3F47", "#14161A", "#1D2025")


def palette(ground: str) -> Palette:
    """The Palette of a ground, `light` or `dark`."""
    return DARK if ground == "dark" else LIGHT


def faded(colour: str, share: float) -> str:
    """A colour of which only a share, 0 to 1, covers what lies below: doubt is paleness."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share:g})"
