"""Figures to quote that were measured: of a study, or of a Release in the limits of its audience."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.estimate.describe import share
from analysis.estimate.record import as_frame
from analysis.quoting.record import Cited, Quote, refuse_thin, split_name
from analysis.release.manifest import product_version
from analysis.release.read import Release
from survey import FileFault, Question, QuestionFault, Study, study_wave

__all__ = ["quote_release", "quote_study"]

_RULES = ("answered", "routed", "returned")


def quote_study(study: Study, name: str, *, wave: str = "", base_rule: str = "answered") -> Quote:
    """One share of a study.

    Parameters
    ----------
    name : str
        `QUESTION.OPTION`; the question alone where it has one share only.
    wave : str
        Name of the wave; "" for the last.
    base_rule : str
        `answered`, `routed` or `returned`.

    Raises
    ------
    QuestionFault
        No such question or option, or fewer than ten firms in the base.
    Fault
        As `study_wave` and `share`.
    """
    answers = study_wave(study, wave)
    codebook = answers.codebook
    where = f"{study.id}, wave {answers.name}"
    question, option = split_name(name, codebook.ids(), where)
    table = as_frame(share(answers, study.design, question, base_rule=base_rule))
    row = _row(table, question, option, where)
    asked = codebook.question(question)
    source = Cited(
        "study",
        study.title,
        "",
        answers.origin.path.replace("\\", "/").rpartition("/")[2],
        answers.origin.sha256,
        "",
        product_version(),
    )
    caveats = (*(("synthetic",) if study.synthetic else ()), study.design.target)
    wording = {
        lang: _worded(asked, str(row["option"]), lang) for lang in dict.fromkeys((*codebook.languages, ""))
    }
    return _quote(row, wording, source, caveats)


def quote_release(release: Release, name: str, *, base_rule: str = "") -> Quote:
    """One share of a Release, as its audience may see it.

    Parameters
    ----------
    name : str
        `QUESTION.OPTION`; the question alone where it has one share only.
    base_rule : str
        A base rule; "" for the first the Release has of answered, routed, returned.

    Raises
    ------
    QuestionFault
        No such question or option for this audience, a cell that is not shown, or fewer than ten firms.
    FileFault
        A Release without tables of estimates.
    """
    where = f"{release.folder}, audience {release.audience}"
    if "estimates" not in release.tables():
        raise FileFault(where, "no table of estimates", "a Release with one", "build the Release again")
    table = release.table("estimates")
    shares = table[(table["stat"] == "share") & (table["by"].fillna("") == "")]
    question, option = split_name(name, list(shares["question"]), where)
    mine = shares[shares["question"] == question]
    rules = [base_rule] if base_rule else [r for r in _RULES if (mine["base_rule"] == r).any()]
    rows = mine[mine["base_rule"] == rules[0]] if rules else mine
    if rows.empty:
        raise QuestionFault(
            f"{where}, question {question!r}",
            f"no share under the base rule {base_rule!r}",
            "one of: " + ", ".join(dict.fromkeys(mine["base_rule"])),
            "leave --base out",
        )
    row = _row(rows, question, option, where)
    if "suppressed" in str(row["flag"]) or pd.isna(row["estimate"]):
        raise QuestionFault(
            f"{where}, {question}.{row['option']}",
            "a cell that is not shown: confidentiality",
            "a cell that this audience may see",
            "quote another figure; what is hidden for an audience is not in its Release",
        )
    manifest = release.manifest
    design = manifest.get("design") or {}
    source = Cited("release", manifest.get("title") or {}, "", "", "", release.audience, product_version())
    is_open = manifest.get("attacked") == "not attacked" and release.audience != "internal"
    caveats = (
        *(("synthetic",) if manifest["synthetic"] else ()),
        str(design.get("target") or "firms"),
        *(("not_attacked",) if is_open else ()),
    )
    return _quote(row, _released_words(release, question, str(row["option"])), source, caveats)


def _row(rows: pd.DataFrame, question: str, option: str, where: str) -> Mapping[str, Any]:
    """The row of one option; the only one where none is named."""
    options = [str(code) for code in rows["option"]]
    if option not in options and (option or len(options) != 1):
        raise QuestionFault(
            f"{where}, question {question!r}",
            f"no option {option!r}" if option else "no option named",
            f"{question}.OPTION with one of: {', '.join(options[:12])}{' ...' if len(options) > 12 else ''}",
            f"write for example --of {question}.{options[0]}",
        )
    found = rows.iloc[options.index(option) if option in options else 0]
    return {str(name): value for name, value in found.items()}


def _quote(
    row: Mapping[str, Any], wording: Mapping[str, tuple[str, str]], source: Cited, caveats: tuple[str, ...]
) -> Quote:
    """A row of estimates as a Quote; caveats that its flags and its weights call for are added."""
    n, base, estimate = int(row["n"]), float(row["base"]), float(row["estimate"])
    refuse_thin(f"{row['question']}.{row['option']}", n)
    if n == 0 or estimate != estimate:
        raise QuestionFault(
            f"{row['question']}.{row['option']}", "no answers", "a base of firms", "quote another figure"
        )
    is_weighted = base != n
    flags = {flag.strip() for flag in str(row["flag"] or "").split(";")}
    more = (
        *(("weighted",) if is_weighted else ()),
        *(("leak",) if "leak" in flags else ()),
        *(("indicative",) if flags & {"indicative", "counts only", "low base"} else ()),
    )
    count = round(n * estimate)
    return Quote(
        question=str(row["question"]),
        option=str(row["option"]),
        wave=str(row["wave"]),
        wording=wording,
        estimate=estimate,
        low=float(row["low"]),
        high=float(row["high"]),
        level=float(row["level"]),
        n=n,
        base=base,
        count=count if not is_weighted and abs(count - n * estimate) < 1e-6 else None,
        base_rule=str(row["base_rule"]),
        method=str(row["method"]),
        caveats=(*caveats, *more),
        source=source,
    )


def _worded(question: Question, option: str, lang: str) -> tuple[str, str]:
    """Words of a question and of one of its options or nets, codes where there are none."""
    labels = {choice.code: choice.label for choice in question.choices} | dict(question.net_labels)
    asked = question.label.get(lang) or next(iter(question.label.values()), "") or question.id
    label = labels.get(option, {})
    return asked, label.get(lang) or next(iter(label.values()), "") or option


def _released_words(release: Release, question: str, option: str) -> dict[str, tuple[str, str]]:
    """Language to the words of a question and an option in a Release."""
    if "wording" not in release.tables():
        return {"": (question, option)}
    table = release.table("wording").fillna("")
    mine = table[(table["question"] == question) & table["option"].isin(["", option])]
    words = {(str(r["option"]), str(r["lang"])): str(r["text"]) for r in mine.to_dict(orient="records")}

    def said(code: str, lang: str) -> str:
        return words.get((code, lang)) or words.get((code, "")) or code or question

    return {lang: (said("", lang), said(option, lang)) for lang in dict.fromkeys((*mine["lang"], ""))}
