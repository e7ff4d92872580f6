"""Dependence in one sentence: face value, look-through, and the outer bound, as far as a Release tells."""

from dash import html
from dash.development.base_component import Component

from dashboard.pages.dependence import as_part, country_name
from dashboard.supplied import Supplied
from dashboard.wording import is_number, say

__all__ = ["supply_claim"]


def supply_claim(supplied: Supplied, lang: str) -> list[Component | str]:
    """Face value and look-through in one sentence; the outer bound and what is named below it."""
    row = supplied.row
    if not supplied.seed:
        return [say(lang, "suppliers.claim_no_country")]
    country = country_name(lang, supplied.country, is_said=True)
    if row is None:
        return [say(lang, "suppliers.claim_suppressed", country=country)]
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
    claim: list[Component | str] = [say(lang, f"suppliers.{key}", **told, **who)]
    if is_number(row["high"]):
        bound = say(lang, "suppliers.claim_bound", **told, **who)
        claim += [" ", html.Span(bound, className="claim-interval")]
    return claim
