"""Parameters of disclosure rules that only those who release may know, read from a file of their own."""

import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.disclosure.concentration import Concentration
from survey import FileFault, Study, StudyFault, nearest

__all__ = ["PRIVATE_KEYS", "SHIPPED", "PrivateRules", "private_rules", "read_private"]

SHIPPED = {"p": 10.0, "q": 100.0, "n": 0, "k": 100.0}
"""Parameters everybody can read here: good for made-up answers, refused for a release of real ones."""

PRIVATE_KEYS = ("schema", "p", "q", "n", "k", "waived", "holdings", "secret")

_SECRET = 16
"""Fewest characters of a secret that seeds noise."""


@dataclass(frozen=True, slots=True)
class PrivateRules:
    """What a private file says, checked.

    Attributes
    ----------
    p, q, n, k : float, float, int, float
        See `Concentration`.
    waived : frozenset[str]
        Firms that agreed in writing that their amounts may be known.
    holdings : Mapping[str, str]
        Firm to the holding it belongs to.
    secret : str
        Seeds rounding and noise, so that the same cell is changed the same way; empty where none is given.
    """

    p: float
    q: float
    n: int
    k: float
    waived: frozenset[str] = frozenset()
    holdings: Mapping[str, str] = field(default_factory=dict)
    secret: str = ""

    def concentration(self, known: int) -> Concentration:
        """The rules on amounts against a reader who knows `known` amounts."""
        return Concentration(self.p, self.q, self.n, self.k, known=known)


def private_rules(study: Study, frequency: int, firms: Set[str] = frozenset()) -> PrivateRules:
    """The private rules of a study, as `[release] private` names them.

    Parameters
    ----------
    study : Study
        The study; made-up answers may go without a file.
    frequency : int
        Minimum frequency of the release, which the rules must not contradict.
    firms : set of str, optional
        Firms there are; none: not checked.

    Raises
    ------
    StudyFault
        No file is named and the answers are real, or a firm that waived is not in the study.
    FileFault
        See `read_private`.
    """
    name = study.section("release").get("private")
    if name is not None and not isinstance(name, str):
        raise StudyFault(
            study.place("release.private"), repr(name), "the name of a file in quotes",
            'write private = "../private.toml"',
        )  # fmt: skip
    if name is not None:
        found = read_private(study.folder / name, frequency, is_made_up=study.synthetic)
        if firms and not found.waived <= firms:
            raise StudyFault(
                str(study.folder / name), f"{len(found.waived - firms)} waivers of firms that are not there",
                "ids of firms of the study", "mend `waived`",
            )  # fmt: skip
        return found
    if study.synthetic:
        return PrivateRules(SHIPPED["p"], SHIPPED["q"], int(SHIPPED["n"]), SHIPPED["k"])
    raise StudyFault(
        study.place("release"),
        "no `private` file, and sums of amounts for others than the team that holds the answers",
        "a file with your own p, or n and k, of the rules on amounts: those shipped are known to everybody",
        'write a file with `p = ...` that stays with you and `private = "FILE"` here, '
        'or audiences = ["internal"]',
    )


def read_private(path: Path, frequency: int, *, is_made_up: bool = False) -> PrivateRules:
    """Read and check a private file: TOML with `p`, or `n` and `k`, and what else `PRIVATE_KEYS` lists.

    Raises
    ------
    FileFault
        No such file, no TOML, an unknown key, a value out of range, rules that contradict each other or
        the minimum frequency, or the shipped parameters for answers that are not made up. No message
        repeats a parameter.
    """
    do = "see docs/how-to/disclosure.md for a whole example"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileFault(str(path), "no such file", "the private file of [release]", "mend its name") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileFault(str(path), f"not TOML: {error}", "a private file of [release]", do) from None
    for key in said:
        if key not in PRIVATE_KEYS:
            raise FileFault(
                str(path), f"the key {key!r}", f"one of {', '.join(PRIVATE_KEYS)}", nearest(key, PRIVATE_KEYS)
            )
    p = _number(path, said, "p", 0.0, 0.0, 100.0)
    q = _number(path, said, "q", 100.0, 0.0, 1000.0)
    k = _number(path, said, "k", 100.0, 0.0, 100.0)
    n = said.get("n", 0)
    if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= 9:
        raise FileFault(str(path), "n out of range", "n a whole number from 1 to 9", do)
    _contradictions(path, said, frequency, p, q, n, k)
    if not is_made_up and n == SHIPPED["n"] and (p, q) == (SHIPPED["p"], SHIPPED["q"]):
        raise FileFault(
            str(path), "the parameters that are shipped", "your own: everybody can read the shipped ones",
            "choose others, and keep the file to yourselves",
        )  # fmt: skip
    waived = said.get("waived", [])
    if not isinstance(waived, list) or not all(isinstance(firm, str) for firm in waived):
        raise FileFault(str(path), "waived", "a list of firms in quotes", do)
    secret = said.get("secret", "")
    if not isinstance(secret, str) or 0 < len(secret) < _SECRET:
        raise FileFault(str(path), "a short secret", f"{_SECRET} characters or more, drawn at random", do)
    return PrivateRules(p, q, n, k, frozenset(waived), _holdings(path, said), secret)


def _number(path: Path, said: Mapping[str, Any], key: str, absent: float, low: float, high: float) -> float:
    """A parameter over `low` and up to `high`; its value is not repeated in a message."""
    value = said.get(key, absent)
    if key in said and (
        isinstance(value, bool) or not isinstance(value, int | float) or not low < value <= high
    ):
        raise FileFault(
            str(path),
            f"{key} out of range",
            f"{key} over {low:g} and up to {high:g}, in percent",
            f"mend {key}",
        )
    return float(value)


def _contradictions(
    path: Path, said: Mapping[str, Any], frequency: int, p: float, q: float, n: int, k: float
) -> None:
    """Refuse rules that cannot all be meant."""
    if "p" not in said and "n" not in said:
        raise FileFault(str(path), "neither p nor n and k", "at least one rule on amounts", "write p = ...")
    if ("n" in said) != ("k" in said):
        raise FileFault(str(path), "one of n and k alone", "both: an (n,k) rule", "write both, or neither")
    if "q" in said and ("p" not in said or q <= p):
        raise FileFault(
            str(path), "rules that contradict: q without p, or q not over p",
            "q over p: what anybody can guess beforehand needs no hiding", "raise q, or leave it out",
        )  # fmt: skip
    if n and 100 * n >= k * frequency:
        raise FileFault(
            str(path),
            f"rules that contradict: under n and k even {frequency} firms of equal size may never be shown, "
            f"which minimum_frequency = {frequency} allows",
            "n/k under 1/minimum_frequency",
            "lower n, raise k, or raise minimum_frequency in study.toml",
        )


def _holdings(path: Path, said: Mapping[str, Any]) -> dict[str, str]:
    """Firm to holding, from the file that `holdings` names."""
    name = said.get("holdings")
    if name is None:
        return {}
    file = path.parent / str(name)
    if not isinstance(name, str) or not file.is_file():
        raise FileFault(str(file), "no such file", "CSV with the columns firm, holding", "mend `holdings`")
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    if not {"firm", "holding"} <= set(table.columns):
        raise FileFault(
            str(file),
            f"columns {', '.join(map(str, table.columns))}",
            "the columns firm, holding",
            "name them so",
        )
    twice = table["firm"][table["firm"].duplicated()]
    if len(twice):
        raise FileFault(
            str(file), f"{twice.iloc[0]!r} twice", "one holding a firm", "keep the holding that controls it"
        )
    return dict(zip(table["firm"], table["holding"], strict=True))
