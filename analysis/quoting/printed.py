"""Figures to quote that others printed: with the count and the base that the audit finds behind them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.published.audit import Audit, audit_figures
from analysis.published.figures import Figures, read_figures
from analysis.published.gates import usual_breaks, usual_gates
from analysis.published.origin import Origin
from analysis.published.wordings import usual_wordings
from analysis.quoting.record import Cited, Quote, refuse_thin, split_name
from analysis.release.manifest import product_version
from survey import QuestionFault

__all__ = ["quote_file", "quote_printed"]

_PLACES = ("survey", "wave", "edition")
_DISPUTES = ("complement", "swapped", "misprint")


def quote_file(path: Path, name: str, *, wave: str = "", edition: str = "", survey: str = "") -> Quote:
    """One printed percent of a file of printed figures, audited whole; see `quote_printed`.

    Raises
    ------
    Fault
        As `read_figures` and `quote_printed`.
    """
    figures = read_figures(path)
    audit = audit_figures(figures, usual_gates(), breaks=usual_breaks())
    origin = Origin.of_file(path)
    return quote_printed(figures, audit, origin, name, wave=wave, edition=edition, survey=survey)


def quote_printed(
    figures: Figures,
    audit: Audit,
    origin: Origin,
    name: str,
    *,
    wave: str = "",
    edition: str = "",
    survey: str = "",
) -> Quote:
    """One printed percent, with its count and its base where they can be known.

    Parameters
    ----------
    figures, audit : Figures, Audit
        The printed figures, and what was found behind them.
    origin : Origin
        The file they stand in.
    name : str
        `QUESTION.OPTION`.
    wave, edition, survey : str
        Which printing, where several have this figure; "" where one has. An edition `-` is the one
        without a name.

    Raises
    ------
    QuestionFault
        No such figure, several of it, one that is not used, or a base known to hold fewer than ten firms.
    """
    table = audit.table.fillna({"survey": "", "edition": "", "wave": ""})
    asked = {"survey": survey, "wave": wave, "edition": edition}
    where = figures.file
    question, option = split_name(name, list(table["question_id"]), where)
    mine = table[(table["question_id"] == question) & (table["option_id"] == option)]
    if mine.empty:
        known = list(dict.fromkeys(table.loc[table["question_id"] == question, "option_id"]))
        raise QuestionFault(
            f"{where}, question {question!r}",
            f"no option {option!r}" if option else "no option named",
            f"{question}.OPTION with one of: {', '.join(known[:12])}",
            f"write for example --of {question}.{known[0]}",
        )
    for part, word in asked.items():
        if word:
            mine = mine[mine[part] == ("" if word == "-" else word)]
    used = mine[mine["level"].notna()]
    row = _only(used, mine, asked, f"{where}, {name}")
    return _quote(row, figures, audit, origin)


def _only(
    used: pd.DataFrame, printed: pd.DataFrame, asked: Mapping[str, str], where: str
) -> Mapping[str, Any]:
    """The one figure that is used, or a fault that says which there are."""
    if len(used) == 1:
        return {str(name): value for name, value in used.iloc[0].items()}
    said = " ".join(f"--{part} {word}" for part, word in asked.items() if word)
    if used.empty:
        raise QuestionFault(
            where,
            f"{len(printed)} printed, none of which is used" if len(printed) else f"none for {said}",
            "a figure that the audit reads",
            "look at the column why of `crosspressure audit`, and at the waves and editions in it",
        )
    differs = [part for part in _PLACES if used[part].nunique() > 1]
    choices = [
        " ".join(f"--{part} {row[part] or '-'}" for part in differs)
        for row in used.head(8).to_dict(orient="records")
    ]
    raise QuestionFault(
        where,
        f"{len(used)} figures of this name",
        "one",
        "name it: " + "; ".join(choices) if differs else "give each figure a question_id of its own",
    )


def _is_disputed(audit: Audit, row: int) -> bool:
    """Whether another source prints a number that this figure does not explain."""
    beside = audit.sources[audit.sources["against"] == row]
    return bool(beside["agreement"].isin(_DISPUTES).any())


def _quote(row: Mapping[str, Any], figures: Figures, audit: Audit, origin: Origin) -> Quote:
    """A row of the audit as a Quote."""
    question, option = str(row["question_id"]), str(row["option_id"])
    base = 0 if pd.isna(row["base"]) else int(row["base"])
    count = None if pd.isna(row["count"]) else int(row["count"])
    refuse_thin(f"{figures.file}, {question}.{option}", base)
    is_stated = base > 0 and not pd.isna(row["stated_base"]) and int(row["stated_base"]) == base
    rule = (
        "stated" if is_stated else "recovered" if base else "open" if row["low"] == row["low"] else "unknown"
    )
    told = figures.frame.set_index("row").loc[row["row"]]
    gists = (str(told["question_gist"]) or question, str(told["option_gist"]) or option)
    ours = {lang: usual_wordings(lang) for lang in ("en", "ja")}
    wording = {"": gists}
    for lang, words in ours.items():
        if not str(row["survey"]) and (question, option) in words:
            wording[lang] = (words.get((question, ""), gists[0]), words[question, option])
    if told["question_gist"]:
        wording["en"] = gists
    title = str(told["source_title"]) or origin.title.get("en", "") or origin.file
    return Quote(
        question=question,
        option=option,
        wave=str(row["wave"]),
        wording=wording,
        estimate=float(row["estimate"]),
        low=float(row["low"]),
        high=float(row["high"]),
        level=float(row["level"]),
        n=base,
        base=float(base),
        count=count,
        base_rule=rule,
        method=str(row["method"]),
        caveats=(
            *(("mechanism",) if row["low"] == row["low"] else ()),
            *(("sources_differ",) if _is_disputed(audit, row["row"]) else ()),
        ),
        source=Cited(
            "published",
            {"": title},
            str(told["source_date"]),
            origin.file,
            origin.sha256,
            "",
            product_version(),
        ),
        edition=str(row["edition"]),
        reasons=audit.reasons[row["row"]],
        printed=str(row["printed"]).rstrip("%％").strip(),
        bases=str(row["feasible_bases"]),
    )
