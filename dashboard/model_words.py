"""Words of the validation report: what each row is, how it came about, and why a figure is not given."""

import re
from typing import Any

from dashboard.shelf import Shelf
from dashboard.wording import catalogue, say

__all__ = ["how_words", "stat_words", "why_words"]

_FAMILIES = (
    (re.compile(r"parameter (?P<name>.+)"), "parameter", "parameter"),
    (re.compile(r"slope without (?P<group>.+)"), "slope_without", "without"),
    (re.compile(r"slope (?P<term>\w+) se"), "slope_se", "se"),
    (re.compile(r"slope (?P<term>\w+)"), "slope", "slope"),
    (re.compile(r"lowest (?P<term>\w+)"), "lowest", "range"),
    (re.compile(r"highest (?P<term>\w+)"), "highest", "range"),
    (re.compile(r"group (?P<group>.+)"), "group", "group"),
    (re.compile(r"carries .+"), "", "verdict"),
    (re.compile(r"composite .+"), "", "composite"),
)
"""Rows whose name holds a term, a group or a parameter: pattern, key of the name, key of the method."""

_HOW = {
    "firms": "firms",
    "firms imputed": "imputed",
    "events": "count",
    "non-events": "count",
    "candidates": "candidates",
    "slopes": "slopes",
    "observed rate": "rate",
    "intercept": "intercept",
    "intercept firth": "firth",
    "ratio test": "ratio",
    "ratio test p": "ratio",
    "penalised log-likelihood": "firth",
    "auc": "optimism",
    "brier": "optimism",
    "auc apparent": "apparent",
    "brier apparent": "apparent",
    "auc left out": "left_out",
    "brier left out": "left_out",
    "brier of the rate": "idle",
    "stability of ranks": "order",
    "order in draws": "order",
    "top tenth in draws": "kept",
    "calibration in the large": "large",
    "calibration slope": "calibration_slope",
    "draws": "draws",
    "draws effective": "draws",
    "p_choose": "none",
    "firms left out": "left",
    "tiers": "tiers",
    "top tier": "count",
    "imputations": "imputations",
}
"""Row to the key of its method, for rows with a name of their own."""


def _key(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def _family(stat: str) -> tuple[str, str, dict[str, str]]:
    """Keys of name and method of a row, and what its name holds."""
    if stat in _HOW:
        return _key(stat), _HOW[stat], {}
    for pattern, name, how in _FAMILIES:
        if found := pattern.fullmatch(stat):
            return name or _key(stat), how, found.groupdict()
    return "", "", {}


def stat_words(shelf: Shelf, lang: str, stat: str) -> str:
    """What a row of the model is; its own name where there are no words for it."""
    key, _, held = _family(stat)
    if key == "parameter":
        key, held = _key(held["name"]), {}
        return say(lang, f"model_parameter.{key}") if f"model_parameter.{key}" in catalogue(lang) else stat
    if f"model_stat.{key}" not in catalogue(lang):
        return stat
    if "term" in held:
        held["term"] = _term(lang, held["term"])
    if "group" in held:
        breaks = shelf.manifest.get("by") or [""]
        held["group"] = shelf.label(lang, str(breaks[0]), held["group"])
    return say(lang, f"model_stat.{key}", **held)


def how_words(lang: str, stat: str, method: str) -> str:
    """How a row of the model came about; the words of the table where there are no others."""
    _, key, _ = _family(stat)
    return say(lang, f"model_how.{key}") if key else method


def why_words(lang: str, row: dict[str, Any]) -> str:
    """The sentence of a note, or of the reason why a figure is not given."""
    code, *about = str(row["why"]).split("|")
    if f"model_why.{code}" not in catalogue(lang):
        return str(row["method"])
    names = [
        say(lang, "model_page.joined").join(_term(lang, a) for a in held.split(" and ")) for held in about
    ]
    return say(lang, f"model_why.{code}", **dict(zip("abcd", names, strict=False)))


def _term(lang: str, name: str) -> str:
    """Words of an indicator; anything else as it is."""
    return say(lang, f"stat.{name}") if f"stat.{name}" in catalogue(lang) else name
