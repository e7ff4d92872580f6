"""Formats of a workbook by what they are for, measured in a font every program has one of the widths of."""

from typing import Any

__all__ = ["BOOK", "LINE", "QUIET", "TINT", "WARNING", "Styles"]

_INK, QUIET, LINE, TINT, WARNING = "#222222", "#6B6B6B", "#C9CDD3", "#F1F4F8", "#B0482B"
_LATIN, _JAPANESE = "Arial", "Yu Gothic"
BOOK = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": _LATIN, "font_size": 10, "font_scheme": "none"},
}
"""How a book is opened: no text becomes a formula or a link; columns are measured in the first font.

LibreOffice without Calibri makes columns a third wider than Excel, and other pages come out of the printer.
"""


class Styles:
    """Formats by what they are for; made when first asked for."""

    def __init__(self, book: Any, lang: str) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}
        font = {"font_name": _JAPANESE if lang == "ja" else _LATIN, "font_scheme": "none"}
        self.plain = {**font, "font_size": 10, "font_color": _INK, "valign": "vcenter"}

    def __call__(self, **more: Any) -> Any:
        """A format of the plain one and what is more."""
        key = tuple(sorted(more.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({**self.plain, **more})
        return self.made[key]

    def head(self, **more: Any) -> Any:
        """A cell that heads a column."""
        return self(**{"bold": True, "bg_color": TINT, "text_wrap": True, "align": "center", **more})
