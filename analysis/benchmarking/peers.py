"""One firm's own answers and links against the peers of a Release."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.benchmarking.given import Given
from analysis.benchmarking.moving import flows_that_move
from analysis.benchmarking.own import Own, OwnFiles, own_pressure
from analysis.benchmarking.placing import (
    Cells,
    Place,
    cells_of,
    place_between,
    place_in_values,
    place_of_value,
)
from analysis.benchmarking.readying import control_moves, control_rows
from analysis.benchmarking.record import BENCHMARK_COLUMNS, MOVE_COLUMNS, Benchmark
from analysis.pressure.channels import STATS
from analysis.release.bands import BANDS
from analysis.release.read import Release
from analysis.release.tables import SUPPRESSED
from analysis.rules.catalogue import load_catalogue
from analysis.rules.notice import NOTICE_LANGUAGES, notice_of
from survey import Finding, QuestionFault

__all__ = ["benchmark_firm"]

DORMANT, LEVEL = 0.25, 0.90
"""Where a Release does not say with which its pressure was made."""

_FEWEST = 10
"""Peers a group must have to be compared with."""


def benchmark_firm(
    release: Release, given: Given | None = None, files: OwnFiles | None = None, *, firm: str = ""
) -> Benchmark:
    """Where a firm stands among those of a Release; nothing of what it brings is kept or written.

    Answers are compared with the one-way tables of the Release. Its links are met with the rules of the
    Release's day, and us, cn and squeeze are placed among the banded, protected tables of a members or
    public Release. An internal Release has rows of firms: percentiles are then exact, and marked as a
    preview that no other audience sees.

    Parameters
    ----------
    release : Release
    given : Given, optional
        What the firm answered.
    files : OwnFiles, optional
        Its links.
    firm : str
        Its name in the links.

    Raises
    ------
    QuestionFault
        Neither answers nor links.
    FileFault
        Links at fault, or a Release without a day.
    """
    if given is None and files is None:
        raise QuestionFault("--answers", "nothing to compare", "answers, or links", "say --answers FILE")
    findings = list(given.findings if given else ())
    rows = _answer_rows(release, given) if given else []
    moves = pd.DataFrame(columns=list(MOVE_COLUMNS))
    if given is not None:
        estimates = _estimates(release)
        rows += control_rows(release, given, estimates[estimates["by"] == ""])
        moves = control_moves(release, given)
    own = None
    if files is not None:
        own = _own(release, files, firm, findings)
        group = _group(release, given)
        rows = [*_pressure_rows(release, own, group), *rows]
        moved = [part for part in (_moves(release, own), moves) if len(part)]
        moves = pd.concat(moved, ignore_index=True) if moved else moves
    table = pd.DataFrame(rows, columns=list(BENCHMARK_COLUMNS))
    table = table.assign(own=table["own"].astype("str"), flag=table["flag"].astype("str"))
    return Benchmark(table, moves, tuple(findings), _about(release, given, own))


def _about(release: Release, given: Given | None, own: Own | None) -> dict[str, object]:
    manifest = release.manifest
    kept = ("study", "title", "wave", "audience", "as_of", "synthetic", "product_version", "firms")
    return {key: manifest.get(key) for key in kept} | {
        "is_preview": release.audience == "internal",
        "firm": own.firm if own else (given.firm if given else ""),
        "answered": len(given.answers) if given else 0,
        "links": len(own.day.flows) if own else 0,
        "is_screened": bool(own and own.is_screened),
        "drawn_over": own.drawn_over if own else (),
        "notice": {lang: notice_of(lang, own.day.ages) for lang in NOTICE_LANGUAGES} if own else None,
    }


def _own(release: Release, files: OwnFiles, firm: str, findings: list[Finding]) -> Own:
    """The firm's own pressure, and what keeps it from being comparable."""
    day = release.manifest.get("as_of")
    if not day:
        raise QuestionFault(str(release.folder), "no day", "a Release with as_of", "build it with --as-of")
    made = release.manifest.get("pressure") or {}
    own = own_pressure(
        files,
        date.fromisoformat(str(day)),
        firm=firm,
        dormant=float(made.get("dormant", DORMANT)),
        level=float(made.get("level", LEVEL)),
    )
    findings += own.links.findings
    findings += _other_rules(release)
    if not own.is_screened:
        findings.append(
            Finding(
                str(files.links),
                "no listings: nobody was held against a list",
                "Rules that rest on a list of parties count as met by nobody, so that us, cn and squeeze are "
                "lower than they would be.",
                "Bring listings too (party,list,from,to).",
            )
        )
    sales = own.day.flows.loc[own.day.flows["channel"] == "sales", "share_method"].astype("str")
    if (sales != "value over sales").any():
        findings.append(
            Finding(
                str(files.links),
                f"shares of sales are {sales.mode().iloc[0]}",
                "Named sales stand for all sales, so that shares are higher than of sales as a whole.",
                "Bring parties too, with a row of your own (party,sales).",
            )
        )
    if files.items is None:
        findings.append(
            Finding(
                str(files.links),
                "no items: codes and contents of what is sold are not known",
                "Rules that ask for them stay undecided.",
                "Bring items too (product,hs,eccn,us_content,cn_content).",
            )
        )
    return own


def _other_rules(release: Release) -> list[Finding]:
    """A finding where the Release was made with other rules than those the firm's links are met with."""
    if "instruments" not in release.tables():
        return []
    theirs, ours = set(release.table("instruments")["id"]), set(load_catalogue().instruments["id"])
    odd = sorted(theirs ^ ours)
    if not odd:
        return []
    return [
        Finding(
            str(release.folder),
            f"made with other rules than those shipped: {', '.join(odd[:5])}",
            "Your links are met with the rules shipped, your peers were not, so that places can differ.",
            "Ask for a Release made with the rules shipped.",
        )
    ]


def _group(release: Release, given: Given | None) -> tuple[str, str] | None:
    """The break of the Release, and the firm's own code of it, where both are known."""
    for by in release.manifest.get("by") or ():
        codes = given.answers.get(str(by), ()) if given else ()
        if codes:
            return str(by), codes[0]
    return None


def _estimates(release: Release) -> pd.DataFrame:
    table = release.table("estimates")
    return table[(table["base_rule"] == "answered") & (table["stat"] == "share")]


def _groups(table: pd.DataFrame, group: tuple[str, str] | None) -> Iterable[tuple[str, str, pd.DataFrame]]:
    """All firms, then those of the firm's own group where the Release has them."""
    yield "", "", table[table["by"] == ""]
    if group is not None:
        yield *group, table[(table["by"] == group[0]) & (table["group"] == group[1])]


def _pressure_rows(release: Release, own: Own, group: tuple[str, str] | None) -> list[tuple[object, ...]]:
    table = _estimates(release)
    rows: list[tuple[object, ...]] = []
    for s, stat in enumerate(STATS):
        value, low, high = (float(end[s]) for end in (own.point, own.low, own.high))
        told = (f"{value:.6g}" if np.isfinite(value) else "", low, high)
        for by, code, part in _groups(table[table["question"] == f"pressure.{stat}"], group):
            head = ("pressure", f"pressure.{stat}", "", by, code, *told, "percentile")
            if not np.isfinite(value):
                rows.append((*head, *([np.nan] * 6), "", "no denominator"))
                continue
            peers = _values(release, stat, code)
            if peers is not None:
                if len(peers) >= _FEWEST:
                    place = place_in_values(peers, value, low, high)
                    ends = (place.estimate, place.low, place.high)
                    rows.append((*head, len(peers), len(peers), *ends, LEVEL, "rows of firms", "preview"))
                continue
            cells = cells_of(part, _bands())
            if cells is not None and np.isfinite(cells.n):
                rows.append((*head, *_placed(cells, place_of_value(cells, value, low, high), "bands")))
    return rows


def _bands() -> tuple[str, ...]:
    return tuple(code for code, *_ in BANDS)


def _values(release: Release, stat: str, code: str) -> np.ndarray | None:
    """Values of an indicator of the firms of an internal Release; None for other audiences."""
    if release.audience != "internal" or "pressure" not in release.tables():
        return None
    rows = release.table("pressure")
    rows = rows[(rows["stat"] == stat) & rows["estimate"].notna()]
    people = release.table("firms")
    mine = people if not code else people[people["sector"].astype("str") == code]
    return np.asarray(rows.loc[rows["firm"].isin(mine["firm"]), "estimate"], dtype=float)


def _placed(cells: Cells, place: Place, how: str) -> tuple[object, ...]:
    """The last columns of a row: n, base, estimate, limits, level, method, flag."""
    flag = "hidden cells" if cells.has_hidden else ""
    method = f"{how}, {cells.method}" if cells.method else how
    return cells.n, cells.base, place.estimate, place.low, place.high, cells.level, method, flag


def _answer_rows(release: Release, given: Given) -> list[tuple[object, ...]]:
    """Percentiles of banded answers, and the share of peers that answered alike."""
    table = _estimates(release)
    questions = release.table("questions").set_index("question")
    wording = release.table("wording")
    options = wording[wording["kind"] == "option"].drop_duplicates(["question", "option"])
    orders = options.groupby("question", sort=False)["option"].agg(tuple).to_dict()
    asked_of = dict(tuple(table[table["question"].isin(list(given.answers))].groupby("question", sort=False)))
    group = _group(release, given)
    rows: list[tuple[object, ...]] = []
    for question, codes in given.answers.items():
        if question not in questions.index or questions["kind"][question] == "number":
            continue
        order = orders.get(question, ())
        mine = asked_of.get(question, table.iloc[:0])
        is_banded = bool(questions["is_ordered"][question]) and bool(questions["unit"][question])
        is_set = questions["kind"][question] == "multiple"
        for by, code, part in _groups(mine, None if group and question == group[0] else group):
            head = ("answer", question)
            if is_banded and codes[0] in order:
                cells = cells_of(part, order)
                at = order.index(codes[0])
                if cells is not None and np.isfinite(cells.n):
                    place = place_between(cells, at, at, at)
                    who = (codes[0], by, code, codes[0], np.nan, np.nan, "percentile")
                    rows.append((*head, *who, *_placed(cells, place, "answers")))
            shown = order if is_set else codes
            cells_shown = {str(row["option"]): row for row in part[_SHARED].to_dict(orient="records")[::-1]}
            for option in shown:
                if option not in cells_shown:
                    continue
                own = ("yes" if option in codes else "no") if is_set else option
                who = (option, by, code, own, np.nan, np.nan, "share")
                rows.append((*head, *who, *_shared(cells_shown[option])))
    return rows


_SHARED = ["option", "n", "base", "estimate", "low", "high", "level", "method", "flag"]


def _shared(row: Mapping[Hashable, Any]) -> tuple[object, ...]:
    """The last columns of a row out of a released cell."""
    hidden = row["flag"] == SUPPRESSED
    numbers = [np.nan if hidden else row[name] for name in ("n", "base", "estimate", "low", "high")]
    return *numbers, row["level"], "" if hidden else row["method"], row["flag"]


def _moves(release: Release, own: Own) -> pd.DataFrame:
    table = _estimates(release)
    n = float("nan")
    found: dict[str, Cells | np.ndarray | None] = {}
    for stat in STATS:
        peers = _values(release, stat, "")
        rows = table[(table["question"] == f"pressure.{stat}") & (table["by"] == "")]
        found[stat] = peers if peers is not None else cells_of(rows, _bands())
        n = float(len(peers)) if peers is not None else n

    def place(stat: str, value: float) -> Place | None:
        peers = found[stat]
        if peers is None or isinstance(peers, Cells):
            known = peers is not None and np.isfinite(peers.n)
            return place_of_value(peers, value, value, value) if known and peers is not None else None
        return place_in_values(peers, value, value, value) if len(peers) >= _FEWEST else None

    cells = found["squeeze"]
    return flows_that_move(own, place, cells.n if isinstance(cells, Cells) else n)
