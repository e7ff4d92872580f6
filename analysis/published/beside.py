"""Printed figures as tables that stand beside a study's own answers, and what readers of each may see."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.published.audit import Audit, audit_figures
from analysis.published.figures import Figures, read_figures
from analysis.published.gates import Gate, read_breaks, read_gates, usual_breaks, usual_gates
from analysis.published.origin import Origin, usual_origin
from analysis.published.settings import PublishedSettings
from analysis.published.wordings import usual_wordings

__all__ = ["Beside", "figures_beside", "shown_beside"]

_QUESTION = ["survey", "wave", "edition", "question_id"]
_FROM_FILE = ("fieldwork", "side", "confidence", "source_date", "multi_response")
_READING = (
    "printed", "stated_base", "feasible_bases", "base", "count", "estimate", "low", "high", "rounding",
    "method", "n", "value", "why", "reasons",
)  # fmt: skip
"""What a hidden row loses; what is left says that there was a figure, and where."""

SUPPRESSED = "suppressed"
_SMALLEST_BASE = 10


@dataclass(frozen=True, slots=True)
class Beside:
    """Audited figures with the questions of the study they belong to.

    Attributes
    ----------
    tables : Mapping[str, pandas.DataFrame]
        By name of a table of a Release: `published` (columns of the audit, `question`, `option` of
        the study, "" where none, `value`: the share, as printed where it is not unique, nan for figures
        that are not used, and `reasons` as JSON), `published_changes`, `published_contrasts`,
        `published_small`, `published_editions`, `published_sources`, `published_findings`,
        `published_breaks` and `published_wording`.
    gates : tuple[Gate, ...]
        Follow-ups of the printed questions.
    about : Mapping[str, object]
        Origin and how much there is, for a manifest.
    """

    tables: Mapping[str, pd.DataFrame]
    gates: tuple[Gate, ...]
    about: Mapping[str, object]


def figures_beside(settings: PublishedSettings, languages: Sequence[str], *, floor: int) -> Beside:
    """Audit the figures that `[published]` names, and say which of them belong to which question.

    Parameters
    ----------
    languages : sequence of str
        Languages of the study, for wordings.
    floor : int
        Fewest firms that may be readable; what gives away fewer is listed.

    Raises
    ------
    FileFault
        The file of figures, gates or breaks cannot be read.
    """
    figures = read_figures(settings.figures)
    if settings.survey:
        mine = figures.frame[figures.frame["survey"] == settings.survey]
        figures = replace(figures, frame=mine.reset_index(drop=True))
    gates = read_gates(settings.gates) if settings.gates else usual_gates() if settings.is_usual else ()
    breaks = _breaks(settings)
    audit = audit_figures(figures, gates, floor=floor, breaks=breaks)
    origin = usual_origin() if settings.is_usual else Origin.of_file(settings.figures)
    named = {
        (s.series, theirs): (s.question, own) for s in settings.series for theirs, own in s.options.items()
    }
    asked = {s.series: s.question for s in settings.series}
    tables = _tables(audit, figures)
    for name in ("published", "published_changes", "published_contrasts"):
        tables[name] = _named(tables[name], named, asked)
    tables["published_breaks"] = _named(breaks.assign(option_id=""), named, asked)
    tables["published_wording"] = _wording(settings, figures, languages)
    about = {
        "file": origin.file,
        "sha256": origin.sha256,
        "title": dict(origin.title),
        "publisher": dict(origin.publisher),
        "version": origin.version,
        "dated": origin.dated,
        "figures": len(audit.table),
        "questions": len(audit.table.drop_duplicates(_QUESTION)),
        "known": int(audit.table["base"].notna().sum()),
        "open": int(audit.table["flag"].str.contains("ambiguous|unknown").sum()),
        "clash": int(audit.table["flag"].str.contains("stated base not").sum()),
        "cut": int(audit.table["flag"].str.contains("cut, not").sum()),
        "small": len(audit.small),
        "floor": floor,
    }
    return Beside(tables, gates, about)


def shown_beside(beside: Beside, estimates: pd.DataFrame, floor: int) -> dict[str, pd.DataFrame]:
    """The tables that readers may see who may see no cell under the floor.

    Of two editions only the last is kept, for their difference tells what the firms added said. A
    question loses all its numbers where it has a base under ten; where it takes one answer a firm and
    one of its cells, or the same cell of the study's own wave, is hidden; and where it hangs on a hidden
    cell. Single cells under the floor, or whose complement is, lose theirs alone. What lists small
    cells, editions, sources and findings is left out.

    Parameters
    ----------
    estimates : pandas.DataFrame
        The study's estimates as these readers see them.
    floor : int
        Smallest count of firms that may be known.
    """
    table = _last_editions(beside.tables["published"])
    hide = _hidden(table, beside.gates, estimates, floor)
    shown = table.copy()
    for column in _READING:
        if pd.api.types.is_numeric_dtype(shown[column]):
            shown[column] = shown[column].mask(hide, pd.NA if shown[column].dtype == "Int64" else np.nan)
        else:
            shown[column] = shown[column].mask(hide, "[]" if column == "reasons" else "")
    shown["flag"] = shown["flag"].mask(hide, SUPPRESSED)
    open_cells = {
        tuple(cell) for cell in table.loc[~hide, [*_QUESTION, "option_id"]].itertuples(index=False, name=None)
    }
    waves = {(s, w, q, o) for s, w, _, q, o in open_cells}
    changes, contrasts = beside.tables["published_changes"], beside.tables["published_contrasts"]
    keep = [
        all((s, w, q, o) in waves for w in (a, b))
        for s, q, o, a, b in changes[
            ["survey", "question_id", "option_id", "from_wave", "to_wave"]
        ].itertuples(index=False, name=None)
    ]
    pairs = [
        all((*place, o) in open_cells for o in (first, second))
        for *place, first, second in contrasts[[*_QUESTION, "option_id", "against"]].itertuples(
            index=False, name=None
        )
    ]
    return {
        "published": shown,
        "published_changes": changes[np.array(keep, dtype=bool)].reset_index(drop=True),
        "published_contrasts": contrasts[np.array(pairs, dtype=bool)].reset_index(drop=True),
        "published_breaks": beside.tables["published_breaks"],
        "published_wording": beside.tables["published_wording"],
    }


def _tables(audit: Audit, figures: Figures) -> dict[str, pd.DataFrame]:
    """Tables of the audit, each of numbers with `stat`, `n`, `estimate`."""
    about = figures.frame.set_index("row")[list(_FROM_FILE)]
    table = audit.table.join(about, on="row").assign(stat="share")
    table["n"] = table["base"]
    used = figures.frame[figures.frame["is_used"]].set_index("row")
    table["value"] = table["row"].map(used["units"] / (100.0 * 10.0 ** used["decimals"])).astype(float)
    table["value"] = table["estimate"].fillna(table["value"].where(table["row"].isin(_leads(table))))
    table["reasons"] = [
        json.dumps([[r.code, dict(r.values)] for r in audit.reasons[row]], ensure_ascii=False)
        for row in table["row"]
    ]
    small = audit.small.assign(
        stat="firms", n=audit.small["base"], estimate=audit.small["firms"].astype(float)
    )
    editions = audit.editions
    editions = editions.assign(
        stat="added", n=editions["second_base"], estimate=editions["added"].astype(float)
    )
    return {
        "published": table,
        "published_changes": audit.changes.assign(stat="change", n=audit.changes["to_base"]),
        "published_contrasts": audit.contrasts.assign(stat="difference"),
        "published_small": small,
        "published_editions": editions,
        "published_sources": audit.sources,
        "published_findings": pd.DataFrame(
            [(_short(f.where, figures.file), f.found, f.meaning, f.do) for f in audit.findings],
            columns=["where", "found", "meaning", "do"],
        ),
    }


def _short(where: str, file: str) -> str:
    """A place in the file of figures by the file's name: its folder is the builder's, not the Release's."""
    return where.replace(file, Path(file).name)


def _leads(table: pd.DataFrame) -> pd.Series:
    """Rows of the figures that are used, not held against another."""
    return table.loc[table["rounding"].ne("") | table["flag"].str.contains("base|count|rounding"), "row"]


def _breaks(settings: PublishedSettings) -> pd.DataFrame:
    if settings.breaks:
        return read_breaks(settings.breaks)
    return usual_breaks() if settings.is_usual else pd.DataFrame(columns=["wave", "question_id", "reason"])


def _named(
    table: pd.DataFrame, named: Mapping[tuple[str, str], tuple[str, str]], asked: Mapping[str, str]
) -> pd.DataFrame:
    """The table with the question and the option of the study in front."""
    keys = list(zip(table["question_id"], table["option_id"], strict=True))
    return table.assign(
        question=[asked.get(question, "") for question, _ in keys],
        option=[named.get(key, ("", ""))[1] for key in keys],
    )


def _wording(settings: PublishedSettings, figures: Figures, languages: Sequence[str]) -> pd.DataFrame:
    """Columns `kind`, `question`, `option` (of the figures), `lang`, `text`."""
    frame = figures.frame
    asked, answers = frame["question_id"], frame["option_id"]
    gists = {(question, ""): gist for question, gist in zip(asked, frame["question_gist"], strict=True)}
    gists |= dict(zip(zip(asked, answers, strict=True), frame["option_gist"], strict=True))
    rows: list[tuple[str, str, str, str, str]] = []
    for lang in languages:
        told: Mapping[tuple[str, str], Any] = (
            usual_wordings(lang) if settings.is_usual and lang in ("en", "ja") else {}
        )
        rows += [
            (
                "option" if option else "question",
                question,
                option,
                lang,
                str(told.get((question, option), gist)),
            )
            for (question, option), gist in gists.items()
        ]
    return pd.DataFrame(rows, columns=["kind", "question", "option", "lang", "text"])


def _last_editions(table: pd.DataFrame) -> pd.DataFrame:
    """One edition of each wave and question: of the editions that print it, the one of most firms."""
    size = table["base"].fillna(table["stated_base"]).fillna(0).astype(float)
    size = size.groupby([table[name] for name in ("survey", "wave", "edition")], sort=False).transform("max")
    question = [table[name] for name in ("survey", "wave", "question_id")]
    last = table["edition"].where(size == size.groupby(question, sort=False).transform("max"))
    last = last.groupby(question, sort=False).transform("last")
    return table[table["edition"] == last].reset_index(drop=True)


def _hidden(table: pd.DataFrame, gates: tuple[Gate, ...], estimates: pd.DataFrame, floor: int) -> pd.Series:
    """Which rows are hidden; each further reason can only add to them."""
    count, base = (
        table[c].astype("Float64").to_numpy(dtype=float, na_value=np.nan) for c in ("count", "base")
    )
    with np.errstate(invalid="ignore"):
        hide = pd.Series((count < floor) | (base - count < floor) | (base < _SMALLEST_BASE))
    # the same answer printed again says what its first row says
    cell = table.groupby([*_QUESTION, "option_id"], sort=False)
    hide = hide.groupby(cell.ngroup()).transform("any")
    own = estimates[(estimates["flag"] == SUPPRESSED) & (estimates["by"] == "")]
    same = set(zip(own["wave"], own["question"], strict=True))
    single = table["multi_response"].str.lower() == "no"
    mine = pd.Series([pair in same for pair in zip(table["wave"], table["question"], strict=True)])
    whole = (hide | mine) & single | pd.Series(base < _SMALLEST_BASE)
    place = table.groupby(_QUESTION, sort=False).ngroup()
    hide |= whole.groupby(place).transform("any")
    for gate in gates:
        stops = hide & (table["question_id"] == gate.asked_of) & (table["option_id"] == gate.option)
        closed = set(zip(table.loc[stops, "survey"], table.loc[stops, "wave"], strict=True))
        behind = pd.Series([w in closed for w in zip(table["survey"], table["wave"], strict=True)])
        hide |= behind & (table["question_id"] == gate.question)
    return hide.astype(bool)
