"""What a format can hold: names made to fit, and found again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["SPSS_NAMES", "STATA_NAMES", "Naming", "fitted_names"]


@dataclass(frozen=True, slots=True)
class Naming:
    """How a program wants its names.

    Attributes
    ----------
    program : str
        Its name, for messages.
    most : int
        Most units of a name.
    in_bytes : bool
        Whether units are bytes of UTF-8, else characters.
    first, rest : str
        Regular expressions of a first and of any further character.
    reserved : frozenset[str]
        Words that are no names, in lower case.
    is_folded : bool
        Whether `a` and `A` are one name.
    """

    program: str
    most: int
    in_bytes: bool
    first: str
    rest: str
    reserved: frozenset[str]
    is_folded: bool

    def length(self, name: str) -> int:
        """Units of a name."""
        return len(name.encode("utf-8")) if self.in_bytes else len(name)

    def cut(self, name: str, most: int) -> str:
        """The name, at most so many units long."""
        return name.encode("utf-8")[:most].decode("utf-8", "ignore") if self.in_bytes else name[:most]

    def key(self, name: str) -> str:
        """What two names that are one have in common."""
        return name.casefold() if self.is_folded else name


SPSS_NAMES = Naming(
    "SPSS", 64, True, r"[^\W\d_]", r"[\w.@#$]", frozenset(
        ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
    ), True,
)  # fmt: skip
"""Variables of SPSS: 64 bytes, a letter first, case is kept but does not tell names apart."""

STATA_NAMES = Naming(
    "Stata", 32, False, r"[^\W\d]", r"\w", frozenset(
        ["_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_pi",
         "_pred", "_rc", "_skip", "strl", "using", "with", *(f"str{n}" for n in range(1, 2046))]
    ), False,
)  # fmt: skip
"""Variables of Stata 14 and later: 32 characters, letters, digits and `_`, no digit first."""


def fitted_names(names: Iterable[str], naming: Naming) -> dict[str, str]:
    """Each name to one that the program takes; names that fit already stay, and no two become one."""
    wanted = list(names)
    fitted: dict[str, str] = {}
    taken: set[str] = set()
    for name in wanted:
        if _plain(name, naming) == name and naming.key(name) not in taken:
            fitted[name] = name
            taken.add(naming.key(name))
    for name in wanted:
        if name not in fitted:
            fitted[name] = _free(_plain(name, naming), taken, naming)
            taken.add(naming.key(fitted[name]))
    return {name: fitted[name] for name in wanted}


def _plain(name: str, naming: Naming) -> str:
    """The name with other characters replaced by `_`, and cut to length."""
    text = "".join(c if re.fullmatch(naming.rest, c) else "_" for c in name) or "v"
    if not re.fullmatch(naming.first, text[0]) or text.lower() in naming.reserved:
        text = "v_" + text.lstrip("_")
    text = naming.cut(text, naming.most)
    return text[:-1] + "_" if text.endswith(".") else text


def _free(name: str, taken: set[str], naming: Naming) -> str:
    """The name, or the name with the first number that makes it a new one."""
    number, free = 1, name
    while naming.key(free) in taken:
        number += 1
        tail = f"_{number}"
        free = naming.cut(name, naming.most - len(tail)) + tail
    return free
