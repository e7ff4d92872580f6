"""A firm's controls beside those of its peers: which are in place, and what each missing one would change."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.benchmarking.given import Given
from analysis.benchmarking.placing import Cells, Place, cells_of, place_in_values
from analysis.benchmarking.record import MOVE_COLUMNS
from analysis.benchmarking.routed import is_routed_past
from analysis.readiness.indexing import index_of
from analysis.release.read import Release
from analysis.release.tables import SUPPRESSED

__all__ = ["control_moves", "control_rows"]

_FEWEST = 10


def control_rows(release: Release, given: Given, estimates: pd.DataFrame) -> list[tuple[object, ...]]:
    """Rows of `BENCHMARK_COLUMNS` about each control the firm's answers tell of, and about its index.

    Parameters
    ----------
    release : Release
    given : Given
    estimates : pandas.DataFrame
        Shares of all firms that answered.
    """
    own = _own(release, given)
    rows: list[tuple[object, ...]] = []
    for control, (question, codes, score) in own.items():
        part = estimates[estimates["question"] == question]
        told = "in_place" if score == 1.0 else ("partly" if score > 0 else "not_in_place")
        head = ("control", question, control, "", "", told, score, score, "share")
        rows.append((*head, *(_of_all(release, control) or _share(release, question, codes, part))))
    index = _index(release, own, {})
    if np.isfinite(index):
        place = _place(release, index)
        n = len(_values(release))
        head = ("control", "readiness.index", "", "", "", f"{index:.6g}", index, index, "percentile")
        if place is None:
            rows.append((*head, *([np.nan] * 6), "", "not released"))
        else:
            ends = (place.estimate, place.low, place.high)
            rows.append((*head, n, n, *ends, np.nan, "rows of firms", "preview"))
    return rows


def control_moves(release: Release, given: Given) -> pd.DataFrame:
    """What the index would be with one more control in place, greatest change first: `MOVE_COLUMNS`."""
    own = _own(release, given)
    before = _index(release, own, {})
    rows = []
    for control, (question, _, score) in own.items():
        if score >= 1.0:
            continue
        after = _index(release, own, {control: 1.0})
        place = _place(release, after)
        ends = (np.nan, np.nan, np.nan) if place is None else (place.estimate, place.low, place.high)
        head = ("readiness", "control", control, "", "", before, after, "percentile")
        rows.append((*head, len(_values(release)) or np.nan, *ends, question))
    rows.sort(key=lambda row: -float(row[6]))
    return pd.DataFrame(rows, columns=list(MOVE_COLUMNS))


def _form(release: Release) -> pd.DataFrame:
    if "readiness_form" not in release.tables():
        return pd.DataFrame(
            columns=["control", "question", "option", "code", "score", "weight", "aggregation", "asked_if"]
        )
    return release.table("readiness_form")


def _own(release: Release, given: Given) -> dict[str, tuple[str, tuple[str, ...], float]]:
    """Control to its question, the codes that say it is in place, and the firm's own score."""
    found = {}
    for control, part in _form(release).groupby("control", sort=False):
        question = str(part["question"].iloc[0])
        if question not in given.answers:
            # one rule for a firm and its peers: who is routed past the question does not have the control
            if not is_routed_past(release, given, str(part["asked_if"].iloc[0])):
                continue
            found[str(control)] = (question, tuple(part.loc[part["score"] == 1.0, "code"]), 0.0)
            continue
        scores = dict(zip(part["code"], part["score"].astype(float), strict=True))
        score = max((scores.get(code, 0.0) for code in given.answers[question]), default=0.0)
        found[str(control)] = (question, tuple(code for code, s in scores.items() if s == 1.0), score)
    return found


def _index(
    release: Release, own: Mapping[str, tuple[str, tuple[str, ...], float]], instead: Mapping[str, float]
) -> float:
    if not own:
        return float("nan")
    form = _form(release).drop_duplicates("control").set_index("control")
    scores = np.array([[instead.get(control, score) for control, (_, _, score) in own.items()]])
    weights = form["weight"].astype(float)[list(own)].to_numpy()
    return float(index_of(scores, weights / weights.sum(), str(form["aggregation"].iloc[0]))[0])


def _values(release: Release) -> np.ndarray:
    """Indices of the firms of an internal Release; none for other audiences."""
    if "readiness_firms" not in release.tables():
        return np.empty(0)
    table = release.table("readiness_firms")
    return table.loc[(table["stat"] == "index") & table["estimate"].notna(), "estimate"].to_numpy(dtype=float)


def _place(release: Release, index: float) -> Place | None:
    values = _values(release)
    return place_in_values(values, index, index, index) if len(values) >= _FEWEST else None


def _of_all(release: Release, control: str) -> tuple[object, ...] | None:
    """The last columns out of the table of controls, in which firms routed past count as without.

    None where the audience has no such table: its peers are then the firms that answered.
    """
    if "readiness" not in release.tables():
        return None
    table = release.table("readiness")
    rows = table[(table["control"] == control) & (table["stat"] == "in_place") & (table["by"] == "")]
    if len(rows) != 1:
        return None
    row = rows.iloc[0]
    return (
        *(row[name] for name in ("n", "base", "estimate", "low", "high", "level")),
        row["method"],
        row["flag"],
    )


def _share(release: Release, question: str, codes: tuple[str, ...], part: pd.DataFrame) -> tuple[object, ...]:
    """The last columns: how many of the firms that answered have the control, out of released cells."""
    mine = part[part["option"].isin(codes)]
    if len(mine) == 1:
        row = mine.iloc[0]
        hidden = row["flag"] == SUPPRESSED
        numbers = [np.nan if hidden else row[name] for name in ("n", "base", "estimate", "low", "high")]
        return *numbers, row["level"], "" if hidden else row["method"], row["flag"]
    cells = cells_of(part, _in_front(release, question, codes))
    if cells is None or not np.isfinite(cells.n):
        return *([np.nan] * 6), "", SUPPRESSED
    return _summed(cells, len(codes))


def _in_front(release: Release, question: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Options of a question, those in place first."""
    wording = release.table("wording")
    mine = wording[(wording["question"] == question) & (wording["kind"] == "option")]
    return tuple(dict.fromkeys([*codes, *mine["option"]]))


def _summed(cells: Cells, many: int) -> tuple[object, ...]:
    least, most = cells.below()
    flag = "hidden cells" if cells.has_hidden else ""
    estimate = float(cells.middle()[many])
    ends = (min(estimate, float(least[many])), max(estimate, float(most[many])))
    return cells.n, cells.base, estimate, *ends, cells.level, f"sum, {cells.method}", flag
