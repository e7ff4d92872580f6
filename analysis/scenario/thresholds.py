"""What rules ask, changed: thresholds and their operators, and how much they catch."""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.rules.catalogue import Catalogue
from analysis.rules.fields import BOUND_FIELDS, LIST_FIELDS
from analysis.rules.operators import BOUND_OPERATORS
from analysis.scenario.dates import known_instruments
from analysis.scenario.record import Change
from survey import nearest

__all__ = ["TEST_CHANGES", "change_tests"]

TEST_CHANGES = ("threshold", "widen")
"""Words of `do` that this module knows."""

_CATCHING = ("equals", "in", "starts_with", "like", "listed_on")


def change_tests(catalogue: Catalogue, change: Change) -> Catalogue:
    """The catalogue with rows of its gates changed.

    Parameters
    ----------
    catalogue : Catalogue
    change : Change
        `do` one of `TEST_CHANGES`.

    Raises
    ------
    StudyFault
        An instrument, branch or field that does not exist, an operator that does not fit, several
        thresholds of which it is not said which, values that it catches already.
    """
    return replace(
        catalogue,
        gates=_threshold(catalogue, change) if change.do == "threshold" else _widen(catalogue, change),
    )


def _rows(catalogue: Catalogue, change: Change, fields: tuple[str, ...]) -> pd.Series:
    """Which rows of the gates a change is about: boolean."""
    gates = catalogue.gates
    names = known_instruments(change, catalogue)
    field = change.text("field")
    if field not in fields:
        raise change.fault("field", repr(field), "one of: " + ", ".join(fields), nearest(field, fields))
    mine = gates["instrument"].isin(names)
    branch = change.text("branch")
    if branch:
        known = tuple(word for word in gates.loc[mine, "branch"].unique() if word)
        if branch not in known:
            raise change.fault("branch", repr(branch), "a branch of it", nearest(branch, known))
        mine &= gates["branch"] == branch
    chosen = mine & (gates["field"] == field) & ~gates["gate"].isin(["exception", "review", "risk"])
    for name in names:
        if not bool((chosen & (gates["instrument"] == name)).any()):
            asked = tuple(gates.loc[mine & (gates["instrument"] == name), "field"].unique())
            raise change.fault(
                "field", f"{field!r}, which {name} does not ask", "a field it asks: " + ", ".join(asked),
                nearest(field, asked),
            )  # fmt: skip
    return chosen


def _threshold(catalogue: Catalogue, change: Change) -> pd.DataFrame:
    gates = catalogue.gates
    chosen = _rows(catalogue, change, tuple(BOUND_FIELDS))
    stands = pd.to_numeric(gates["value"].where(chosen), errors="coerce")
    if "was" in change.keys:
        there = np.sort(stands.dropna().unique())
        chosen &= np.isclose(stands, float(change.keys["was"]))
        if not bool(chosen.any()):
            said = ", ".join(f"{number:g}" for number in there)
            raise change.fault(
                "was", f"{change.keys['was']:g}", f"a threshold that stands there: {said}", "correct it"
            )
    elif gates.loc[chosen, ["value", "operator"]].drop_duplicates().shape[0] > 1:
        said = "; ".join(
            f"{row.instrument} {row.branch} {row.operator} {row.value}".replace("  ", " ")
            for row in gates[chosen].itertuples()
        )
        raise change.fault("was", f"several thresholds: {said}", "which of them is meant", "write  was = ...")
    operator = change.text("operator")
    if operator and operator not in BOUND_OPERATORS:
        raise change.fault(
            "operator",
            repr(operator),
            "one of: " + ", ".join(BOUND_OPERATORS),
            nearest(operator, tuple(BOUND_OPERATORS)),
        )
    if not operator and "value" not in change.keys:
        raise change.fault("", "neither value nor operator", "value, operator, or both", "write  value = ...")
    made = gates.copy()
    if operator:
        made.loc[chosen, "operator"] = operator
    if "value" in change.keys:
        made.loc[chosen, "value"] = f"{float(change.keys['value']):.12g}"
    return _marked(made, chosen, change)


def _widen(catalogue: Catalogue, change: Change) -> pd.DataFrame:
    gates = catalogue.gates
    fields = tuple(sorted(set(gates["field"]) - set(BOUND_FIELDS)))
    chosen = _rows(catalogue, change, fields)
    values = change.words("values")
    _are_known(catalogue, change, values)
    chosen &= gates["operator"].isin(_CATCHING)
    if not bool(chosen.any()):
        raise change.fault(
            "field", repr(change.text("field")), "a test that catches values", "choose another field"
        )
    here = gates["value"].where(chosen, "").str.split("|")
    more = [
        "|".join(dict.fromkeys([*there, *values])) if is_chosen else stands
        for there, is_chosen, stands in zip(here, chosen, gates["value"], strict=True)
    ]
    operator = gates["operator"].where(~chosen | (gates["operator"] != "equals"), "in")
    made = gates.assign(value=pd.Series(more, index=gates.index, dtype="str"), operator=operator)
    if bool((made.loc[chosen, "value"] == gates.loc[chosen, "value"]).all()):
        raise change.fault(
            "values", ", ".join(values), "values that it does not catch yet", "take the change out"
        )
    return _marked(made, chosen, change)


def _are_known(catalogue: Catalogue, change: Change, values: tuple[str, ...]) -> None:
    """Values of fields whose words are known."""
    field = change.text("field")
    known: tuple[str, ...] = ()
    if field in ("technology", "end_use"):
        rows = catalogue.technologies
        tags = [*rows["tag"], *rows["tags"].str.split("|").explode()]
        known = tuple(dict.fromkeys(tag for tag in tags if tag))
    elif field in LIST_FIELDS:
        known = tuple(catalogue.instruments["id"])
    for value in values:
        if known and value not in known:
            raise change.fault("values", repr(value), f"a word of {field}", nearest(value, known))
        if field == "hs" and not (value.isdecimal() and len(value) in (2, 4, 6, 8, 10)):
            raise change.fault("values", repr(value), "2, 4, 6, 8 or 10 digits", "correct the code")


def _marked(gates: pd.DataFrame, chosen: pd.Series, change: Change) -> pd.DataFrame:
    """Changed rows say so: they are an assumption."""
    said = f"changed in the scenario {change.scenario}"
    gates = gates.copy()
    gates.loc[chosen, "confidence"] = "uncertain"
    gates.loc[chosen, "note"] = said
    if change.text("source"):
        gates.loc[chosen, "source"] = change.text("source")
    return gates
