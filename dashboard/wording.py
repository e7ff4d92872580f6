"""How a finished number is said: sentences and number formats in English and Japanese."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from numbers import Integral, Real
from pathlib import Path

__all__ = [
    "FEW",
    "LANGUAGES",
    "MANY",
    "NEVER",
    "as_amount",
    "as_claim",
    "as_count",
    "as_date",
    "as_index",
    "as_interval",
    "as_number",
    "as_points",
    "as_share",
    "as_whole",
    "beside",
    "catalogue",
    "dated",
    "is_number",
    "percent_of",
    "placeholders",
    "say",
    "sentences",
]

LANGUAGES = ("en", "ja")
"""Languages of the interface; both have the same keys and the same placeholders."""

NEVER, FEW, MANY = 10, 30, 200
"""Print rules: nothing under 10 answers, counts under 30, whole percents under 200."""

_ISO_DATE = re.compile(r"(?<![\w./-])\d{4}-\d{2}-\d{2}(?![\w/-]|\.\w)", re.ASCII)

_SLOT = re.compile(r"\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}")


def _flat(tree: Mapping[str, object], stem: str = "") -> dict[str, str]:
    out: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            out.update(_flat(value, f"{stem}{key}."))
        else:
            out[f"{stem}{key}"] = str(value)
    return out


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """All sentences of one language, by dotted key (`claim.firm`)."""
    with (Path(__file__).parent / "locale" / f"{lang}.toml").open("rb") as file:
        return _flat(tomllib.load(file))


def placeholders(sentence: str) -> frozenset[str]:
    """Names in braces that a sentence waits for."""
    return frozenset(slot.group(1) for slot in _SLOT.finditer(sentence))


def say(lang: str, key: str, **words: object) -> str:
    """The sentence of a key in a language, its placeholders filled.

    `{n}` is the word n; `{n|firm|firms}` is the first of two where n is one, else the second. A whole number
    has its thousands apart; what is no count (a year) is given as text.

    Raises
    ------
    KeyError
        The key, or a word for one of its placeholders, does not exist.
    """

    def fill(slot: re.Match[str]) -> str:
        given = words[slot.group(1)]
        word = as_whole(int(given)) if isinstance(given, Integral) else str(given)
        return word if slot.group(2) is None else slot.group(2 if word.lstrip("+−") == "1" else 3)

    return _SLOT.sub(fill, catalogue(lang)[key])


def sentences(lang: str, parts: Iterable[str]) -> str:
    """Sentences one after the other: in Japanese nothing stands between them."""
    return ("" if lang == "ja" else " ").join(part for part in parts if part)


def beside(lang: str, name: str, value: str) -> str:
    """A name and what it has, with the colon of the language (`Wave: 2021`, `回：2021`)."""
    return f"{name}{'：' if lang == 'ja' else ': '}{value}"


def is_number(value: object) -> bool:
    """Whether a value of a table is there and finite."""
    return isinstance(value, Real) and math.isfinite(value)


def as_count(lang: str, share: float, n: int, *, is_weighted: bool = False) -> str:
    """A share of n firms as a count of them (`12 of 96`, `96社中12社`)."""
    return say(lang, "unit.about_count" if is_weighted else "unit.count", count=round(share * n), n=n)


def percent_of(share: float, digits: int) -> str:
    """A share as a percent without its sign, halves up (0.125 with no digits: `13`)."""
    return f"{math.floor(100 * share * 10**digits + 0.5 + 1e-9) / 10**digits:.{digits}f}"


def _percent(lang: str, share: float, n: int) -> str:
    return say(lang, "unit.percent", value=percent_of(share, int(n >= MANY)))


def _share(lang: str, share: float, n: int) -> str:
    """A percent that is 0 only of none and 100 only of all."""
    digits = int(n >= MANY)
    shown = float(percent_of(share, digits))
    if shown <= 0 < share:
        return say(lang, "unit.under_percent", value=f"{10**-digits:g}")
    if share < 1 <= shown / 100:
        return say(lang, "unit.over_percent", value=f"{100 - 10**-digits:g}")
    return _percent(lang, share, n)


def as_share(lang: str, share: float, n: int, *, is_weighted: bool = False) -> str:
    """A share under the print rules: nothing under 10, counts under 30, whole percents under 200."""
    if n < NEVER:
        return say(lang, "state.low_base")
    if n < FEW:
        return as_count(lang, share, n, is_weighted=is_weighted)
    return _share(lang, share, n)


def as_index(value: float, digits: int = 2) -> str:
    """A measure that runs from 0 to 1, with two decimals unless said; never `-0.00`.

    One that can fall below 0, as kappa, has the minus sign of the other numbers.
    """
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def as_whole(count: float) -> str:
    """A count with its thousands apart, as both languages write it (`12,345`)."""
    return f"{count:,.0f}"


def as_number(value: float, unit: str) -> str:
    """A measured number with three digits and its unit (`1,230 days`)."""
    digits = 0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value + 0.0:,.{digits}f} {unit}".strip()


def as_amount(lang: str, value: float) -> str:
    """An amount in the unit of its links, short (`1.4M`, `144.1万`); three digits below a thousand."""
    if abs(value) < 1000:
        return as_number(value, "")
    if lang == "ja" and abs(value) < 10_000:
        return f"{value:,.0f}"
    steps = [step.split() for step in say(lang, "amount.steps").split(", ")]
    parts = [(round(value / 10 ** int(power), 1), mark) for power, mark in steps]
    width = 10 ** (int(steps[1][0]) - int(steps[0][0]))
    part, mark = next((one for one in parts if abs(one[0]) < width), parts[-1])
    return f"{part:,.1f}".removesuffix(".0") + mark


def as_points(value: float, digits: int = 1) -> str:
    """A difference of two shares in percentage points, signed (`+6.1`, `−2.0`)."""
    points = round(100 * value, digits) + 0.0
    return f"{points:+.{digits}f}".replace("-", "−") if points else f"{0:.{digits}f}"


def as_interval(
    lang: str, low: float, high: float, level: float, method: str, *, n: int | None = None, digits: int = 2
) -> str:
    """The words for an interval: kind and level, and limits in the format of the number it belongs to.

    Parameters
    ----------
    n : int or None
        Firms in the base of a share; None for a measure that runs from 0 to 1.
    digits : int
        Decimals of such a measure.
    """
    if not (is_number(low) and is_number(high)):
        return say(lang, "interval.none")
    if n is not None and n < NEVER:
        return say(lang, "state.low_base")
    if "census" in method:
        return say(lang, "interval.census")
    if n is None:
        ends = [as_index(low, digits), as_index(high, digits)]
    elif n < FEW:
        ends = [as_whole(low * n + 0.0), as_whole(high * n)]
        ends[1] = say(lang, "unit.firms", n=ends[1])
    else:
        ends = [_percent(lang, low, n), _percent(lang, high, n)]
    key = "narrow" if n is None and ends[0] == ends[1] else "plain"
    if "bounds" in method:
        key = "bounds"
    elif "hypergeometric" in method:
        key = "silence"
    return say(
        lang,
        f"interval.{key}",
        **{
            slot: word
            for slot, word in zip(
                ("low", "high", "level"),
                (*ends, say(lang, "unit.per_level", level=f"{100 * level:g}")),
                strict=True,
            )
            if slot in placeholders(catalogue(lang)[f"interval.{key}"])
        },
    )


def as_claim(
    lang: str,
    question_id: str,
    question: str,
    option: str,
    share: float,
    n: int,
    *,
    is_weighted: bool = False,
) -> str:
    """One sentence for a headline share: who, how many, of how many."""
    words = {"question": question, "option": option, "n": n, "count": round(share * n)}
    own = f"claim.{question_id}" in catalogue(lang) and not is_weighted
    if n < NEVER:
        return say(lang, "claim.low_base", question=question)
    if not is_weighted and share in (0, 1):
        return say(lang, f"claim.{question_id if own else 'share'}_{'all' if share else 'none'}", **words)
    if n < FEW:
        if own:
            return say(lang, f"claim.{question_id}_small", **words)
        return say(lang, "claim.share", value=as_count(lang, share, n, is_weighted=is_weighted), **words)
    key = f"claim.{question_id}" if own else ("claim.share" if is_weighted else "claim.share_count")
    return say(lang, key, value=_share(lang, share, n), **words)


def dated(lang: str, words: str) -> str:
    """Words with the ISO dates in them as readers write dates; names of files and codes stand as they are."""
    return _ISO_DATE.sub(lambda found: as_date(lang, found.group()), words)


def as_date(lang: str, iso: str) -> str:
    """An ISO date in the words of the language; anything else as it stands."""
    try:
        day = date.fromisoformat(iso)
    except (TypeError, ValueError):
        return str(iso or "")
    month = say(lang, "day.months").split(", ")[day.month - 1]
    return say(lang, "day.long", year=str(day.year), month=month, day=day.day)
