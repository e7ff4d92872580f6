"""Numbers as the cells of a workbook show them: with the decimals and the percent sign of their format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["NumberFormat", "ShownNumber", "general_text", "number_formats"]

_QUIET = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DIGITS = re.compile(r"^[^0#?.]*(?P<whole>[0#?,]*)(?:\.(?P<decimals>[0#?]*))?(?P<rest>[^0#?.]*)$")
_DEEPEST = 12
_LARGEST = Decimal(10) ** 15
"""Decimals and size up to which a number is made as shown; beyond them all its digits are."""


class ShownNumber(str):
    """What a cell shows of a number; `stored` holds the number in full where it shows less than that.

    Attributes
    ----------
    stored : str
        All digits of the number, "" where the cell shows them.
    """

    stored: str = ""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How one style shows a number.

    Attributes
    ----------
    least, most : int
        Decimals it always shows, and decimals it shows where they are not zero.
    is_percent : bool
        Whether it shows hundredths and a percent sign.
    """

    least: int
    most: int
    is_percent: bool

    def text(self, written: str) -> ShownNumber:
        """What is shown of a number as the workbook stores it, rounded half up as Excel does."""
        exact = Decimal(general_text(float(written)))
        number = exact * 100 if self.is_percent else exact
        if abs(number) >= _LARGEST:
            return ShownNumber(f"{number:f}{'%' if self.is_percent else ''}")
        shown = number.quantize(Decimal(1).scaleb(-self.most), rounding=ROUND_HALF_UP)
        text = f"{shown:f}"
        while self.most > self.least and "." in text and text.endswith("0"):
            if len(text.partition(".")[2]) <= self.least:
                break
            text = text[:-1].removesuffix(".")
        sign = "%" if self.is_percent else ""
        made = ShownNumber(text + sign)
        made.stored = "" if shown == number else f"{number.normalize():f}{sign}"
        return made


def number_formats(codes: Sequence[str]) -> dict[int, NumberFormat]:
    """Number of each style that fixes decimals, by its format code.

    General, text, fractions, powers of ten, thousands left out and formats of dates are not here: their
    cells show the digits that are stored, or no plain number.
    """
    found = {code: _number_format(code) for code in set(codes)}
    return {style: known for style, code in enumerate(codes) if (known := found[code]) is not None}


def general_text(number: float) -> str:
    """A number with the digits that a workbook keeps of it, fifteen at most, and none to no purpose."""
    return f"{Decimal(format(number, '.15g')):f}"


def _number_format(code: str) -> NumberFormat | None:
    """Decimals of the first section of a format code; None where it shows no plain number."""
    section = _QUIET.sub("", code.partition(";")[0])
    plain = section.replace("%", "")
    parts = _DIGITS.match(plain)
    if parts is None or not (parts["whole"] or parts["decimals"]) or parts["whole"].endswith(","):
        return None
    if re.search(r"[EeGgYyMmDdHhSs@/]", plain) or section.count("%") > 1:
        return None
    decimals = parts["decimals"] or ""
    if len(decimals) > _DEEPEST or parts["rest"].startswith(","):
        return None
    return NumberFormat(len(decimals.rstrip("#")), len(decimals), "%" in section)
