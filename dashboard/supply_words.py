"""Dependence in words: a country, a part of the inputs, face value against look-through."""

from dashboard.supplied import Supplied
from dashboard.wording import catalogue, is_number, say
from survey import country_names

__all__ = ["as_part", "country_name", "say_dependence"]


def country_name(lang: str, code: str, *, is_said: bool = False) -> str:
    """A country in words, as the catalogue has it, else CLDR, else its code; within a sentence or alone."""
    if not code:
        return say(lang, "suppliers.no_country")
    known = catalogue(lang)
    if is_said and f"country_said.{code}" in known:
        return known[f"country_said.{code}"]
    return known.get(f"country.{code}") or country_names(lang).get(code, code)


def as_part(lang: str, value: object, *, is_rounded: bool = False) -> str:
    """A share of inputs in percent: one decimal, more where it is small; whole where it was rounded so."""
    if not is_number(value):
        return "–"
    number = 100 * float(value)  # type: ignore[arg-type]
    if is_rounded:
        return say(lang, "unit.percent", value=f"{number:.0f}")
    if abs(number - 100) < 1e-9 or number == 0:
        return say(lang, "unit.percent", value=f"{number:.0f}")
    if 0 < number < 0.095:
        return say(lang, "unit.percent", value=f"{number:.2g}" if number >= 0.001 else "<0.001")
    return say(lang, "unit.percent", value=f"{number + 0.0:.1f}")


def say_dependence(supplied: Supplied, lang: str) -> tuple[str, str]:
    """Face value and look-through in one sentence; the outer bound in a second, "" where there is none."""
    row = supplied.row
    if not supplied.seed:
        return say(lang, "suppliers.claim_no_country"), ""
    country = country_name(lang, supplied.country, is_said=True)
    if row is None:
        return say(lang, "suppliers.claim_suppressed", country=country), ""
    is_rounded = supplied.shelf.audience != "internal"
    told = {key: as_part(lang, row[key], is_rounded=is_rounded) for key in ("direct", "exposure", "high")}
    who = {"country": country, "n": supplied.n, "name": supplied.name(lang, supplied.firm)}
    stem = "firm" if supplied.firm else "mean"
    if row["flag"] == "sector average":
        key = f"claim_{stem}_average"
    elif supplied.methods == ("equal shares",):
        key = f"claim_{stem}_equal"
    elif not is_number(row["direct"]):
        key = f"claim_{stem}_deep"
    elif float(row["exposure"]) - float(row["direct"]) < 0.0005:
        key = f"claim_{stem}_same"
    else:
        key = f"claim_{stem}"
    bound = say(lang, "suppliers.claim_bound", **told, **who) if is_number(row["high"]) else ""
    return say(lang, f"suppliers.{key}", **told, **who), bound
