"""`[check]` of `study.toml`: what a study knows of its own questions that the codebook does not say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from survey.faults import StudyFault, nearest
from survey.study import Study

__all__ = ["CheckSettings", "check_settings"]

KEYS = ("group", "ranges", "windows", "sums", "exact")


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What `check` holds answers against.

    Attributes
    ----------
    group : str
        Column that says to which corporate group a firm belongs; "" for none.
    ranges : Mapping[str, tuple[float, float]]
        Number question to its smallest and largest possible answer.
    windows : Mapping[str, tuple[date, date]]
        Date question to the first and last day an event may lie on.
    sums : tuple[tuple[str, ...], ...]
        Questions whose shares are parts of one whole.
    exact : Mapping[str, str]
        Question in bands to the number question that asks the same.
    last : date or None
        Day no event can lie after: the day of fieldwork, or that of the rules if later.
    """

    group: str = ""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    windows: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    sums: tuple[tuple[str, ...], ...] = ()
    exact: Mapping[str, str] = field(default_factory=dict)
    last: date | None = None


def check_settings(study: Study) -> CheckSettings:
    """The `[check]` section of a study.

    Raises
    ------
    StudyFault
        An unknown key, or a value of another type.
    """
    table = study.section("check")
    for key in table:
        if key not in KEYS:
            raise StudyFault(
                study.place(f"check.{key}"),
                f"unknown key {key!r}",
                "one of: " + ", ".join(KEYS),
                nearest(key, KEYS),
            )
    days = [day for day in (study.calibrated_at, study.as_of) if day]
    group = table.get("group", "")
    sums = table.get("sums", [])
    exact = table.get("exact", {})
    if not isinstance(group, str):
        raise _fault(study, "group", group, "the name of a column", 'write  group = "..."')
    if not isinstance(sums, list) or not all(isinstance(s, list) and len(s) > 1 for s in sums):
        raise _fault(study, "sums", sums, "lists of questions", 'write  sums = [["a", "b"]]')
    if not isinstance(exact, Mapping) or not all(isinstance(v, str) for v in exact.values()):
        raise _fault(study, "exact", exact, "bands and exact", 'write  exact = { sales_band = "sales" }')
    return CheckSettings(
        group,
        {k: (float(v[0]), float(v[1])) for k, v in _pairs(study, table, "ranges", int | float).items()},
        {k: (v[0], v[1]) for k, v in _pairs(study, table, "windows", date).items()},
        tuple(tuple(map(str, names)) for names in sums),
        exact,
        max(days) if days else None,
    )


def _pairs(study: Study, table: Mapping[str, Any], key: str, kind: Any) -> dict[str, list[Any]]:
    found = table.get(key, {})
    fits = isinstance(found, Mapping) and all(
        isinstance(v, list) and len(v) == 2 and all(isinstance(end, kind) for end in v) and v[0] <= v[1]
        for v in found.values()
    )
    if not fits:
        do = "write  ranges = { sales = [0, 1000] }"
        if key == "windows":
            do = "write  windows = { last_event = [2021-01-01, 2021-12-31] }"
        raise _fault(study, key, found, "first and last for each question, without quotes", do)
    return dict(found)


def _fault(study: Study, key: str, found: object, expected: str, do: str) -> StudyFault:
    return StudyFault(study.place(f"check.{key}"), f"{found!r}"[:80], expected, do)
