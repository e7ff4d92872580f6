"""One firm's own answers, out of a file or a form, held against the questions of a Release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.release.read import Release
from survey import FileFault, Finding, QuestionFault, nearest, read_wave

__all__ = ["Given", "answers_given", "read_given", "read_several"]

_LONG = {"question", "answer"}
_BESIDE = {"wording", "options"}
"""Columns of an empty form that only help the one who fills it in."""

_YES = frozenset({"1", "1.0", "true", "yes", "x"})


@dataclass(frozen=True, slots=True)
class Given:
    """What one firm answered.

    Attributes
    ----------
    answers : Mapping[str, tuple[str, ...]]
        Question to codes, in the order of the questionnaire; a set nothing was ticked in has ().
    firm : str
        Its id in the file; "" where the file does not say.
    findings : tuple[Finding, ...]
    """

    answers: Mapping[str, tuple[str, ...]]
    firm: str = ""
    findings: tuple[Finding, ...] = ()


def read_given(release: Release, path: Path, *, name: str = "", firm: str = "") -> Given:
    """Read a file of answers: one row, columns as in the survey's own file; or rows `question,answer`.

    Parameters
    ----------
    path : Path
        Any format the survey floor reads: CSV, SAV, Excel ...
    name : str
        Name of the file in messages; by default the path.
    firm : str
        Id of the row to take, where there are several.

    Raises
    ------
    FileFault
        A file that cannot be read, of another codebook, without the row, with several rows and no id.
    QuestionFault
        A code the question does not have.
    """
    where = name or str(path)
    form = _form(release)
    frame = read_wave(path, name="benchmark").frame
    cells = pd.DataFrame({str(c).strip(): [_text(v) for v in frame[c]] for c in frame.columns}, dtype="str")
    if set(cells.columns) >= _LONG and set(cells.columns) <= _LONG | _BESIDE:
        return _from_long(release, form, cells, where)
    columns = [c for c in cells.columns if c]
    questions = set(form.loc[form["kind"] != "id", "question"])
    known = [c for c in columns if c in set(form["column"]) | questions]
    _check_codebook(release, form, columns, known, where)
    row, found_firm = _row(form, cells, where, firm)
    answers: dict[str, tuple[str, ...]] = {}
    for question, part in form[form["kind"] != "id"].groupby("question", sort=False):
        codes = _codes(release, str(question), part, row, where)
        if codes is not None:
            answers[str(question)] = codes
    unknown = [c for c in columns if c not in known]
    findings = (
        (
            Finding(
                where,
                f"{len(unknown)} of {len(columns)} columns are no question of this Release: "
                + ", ".join(unknown[:5]),
                "They are passed over.",
                "",
            ),
        )
        if unknown
        else ()
    )
    if not answers:
        raise FileFault(
            where,
            "a row without an answer",
            "at least one answer to a question of this Release",
            "fill one in",
        )
    return Given(answers, found_firm, findings)


def read_several(release: Release, path: Path) -> list[Given]:
    """Read a file of answers with a firm a row, columns as in the survey's own file.

    Raises
    ------
    FileFault, QuestionFault
        As `read_given`, with the row.
    """
    form = _form(release)
    frame = read_wave(path, name="known").frame
    cells = pd.DataFrame({str(c).strip(): [_text(v) for v in frame[c]] for c in frame.columns}, dtype="str")
    known = [c for c in cells.columns if c in set(form["column"]) | set(form["question"])]
    _check_codebook(release, form, list(cells.columns), known, str(path))
    parts = [(str(q), part) for q, part in form[form["kind"] != "id"].groupby("question", sort=False)]
    found = []
    for at in range(len(cells)):
        where, row = f"{path}, row {at + 1}", _cells(cells.iloc[[at]])
        codes = {question: _codes(release, question, part, row, where) for question, part in parts}
        found.append(Given({question: one for question, one in codes.items() if one is not None}))
    if not any(one.answers for one in found):
        raise FileFault(str(path), "rows without an answer", "a firm a row, with its answers", "fill them in")
    return found


def answers_given(release: Release, answers: Mapping[str, Sequence[str]], *, where: str = "form") -> Given:
    """Answers as codes by question, such as a form sends them.

    Raises
    ------
    QuestionFault
        No such question, or no such code.
    """
    form = _form(release)
    asked = form.loc[form["kind"] != "id"].drop_duplicates("question").set_index("question")["kind"]
    kinds = asked.to_dict()
    wording = release.table("wording")
    wording = wording[(wording["kind"] == "option") & wording["question"].isin(list(answers))]
    parts = dict(tuple(wording.groupby("question", sort=False)))
    found = {}
    for question, codes in answers.items():
        if question not in kinds:
            raise QuestionFault(
                f"{where}, question {question!r}",
                "no such question in this Release",
                f"a question of the study {release.manifest['study']}",
                nearest(question, tuple(asked.index)),
            )
        words = _words_in(parts.get(question, wording.iloc[:0]))
        is_number = kinds[question] == "number"
        found[question] = tuple(
            str(code) if is_number else _code(words, question, str(code), where) for code in codes
        )
    return Given({q: found[q] for q in kinds if q in found})


def _form(release: Release) -> pd.DataFrame:
    if "form" not in release.tables():
        raise FileFault(
            str(release.folder),
            "a Release without the table form",
            "one that says what a file of answers looks like",
            "build the Release again with `crosspressure build`",
        )
    return release.table("form")


def _text(value: object) -> str:
    if isinstance(value, float):
        if value != value:
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None or value is pd.NA else str(value).strip()


def _check_codebook(
    release: Release, form: pd.DataFrame, columns: list[str], known: list[str], where: str
) -> None:
    """Refuse a file most of whose columns are no question here."""
    if len(known) * 2 > len(columns):
        return
    odd = [c for c in columns if c not in known]
    raise FileFault(
        f"{where}, header",
        f"answers to another codebook: {len(known)} of {len(columns)} columns are known here; "
        + ", ".join(odd[:5])
        + " are not",
        f"columns of the study {release.manifest['study']}, wave {release.manifest['wave']}",
        nearest(odd[0], tuple(form["column"])) if odd else "give the file a header",
    )


def _row(form: pd.DataFrame, cells: pd.DataFrame, where: str, firm: str) -> tuple[Mapping[str, str], str]:
    """The row of the firm, and its id."""
    ids = [c for c in form.loc[form["kind"] == "id", "column"] if c in cells.columns]
    if len(cells) == 1 and not firm:
        return _cells(cells), str(cells[ids[0]].iloc[0]) if ids else ""
    if not ids:
        if len(cells) == 1:
            return _cells(cells), firm
        raise FileFault(
            where, f"{len(cells)} rows and no column of ids", "one row", "keep the row of your firm"
        )
    mine = cells[cells[ids[0]] == firm]
    if len(mine) != 1:
        raise FileFault(
            f"{where}, column {ids[0]}",
            f"{len(mine)} rows of {firm!r}" if firm else f"{len(cells)} rows",
            "one row, that of your firm",
            nearest(firm, tuple(cells[ids[0]])) if firm else f"say which:  --firm {cells[ids[0]].iloc[0]}",
        )
    return _cells(mine), firm


def _cells(rows: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(cell) for name, cell in rows.iloc[0].items()}


def _from_long(release: Release, form: pd.DataFrame, cells: pd.DataFrame, where: str) -> Given:
    """Rows of `question,answer`, several answers of a set joined by `;`."""
    many = set(form.loc[form["kind"] == "multiple", "question"])
    asked: dict[str, list[str]] = {}
    for question, answer in zip(cells["question"], cells["answer"], strict=True):
        parts = answer.split(";") if question in many else [answer]
        asked.setdefault(question, []).extend(p.strip() for p in parts if p.strip())
    known = set(form["question"])
    if not known & set(asked):
        _check_codebook(release, form, list(asked), [], where)
    kept = {q: codes for q, codes in asked.items() if codes or q in many}
    return answers_given(release, kept, where=where)


def _codes(
    release: Release, question: str, part: pd.DataFrame, row: Mapping[str, str], where: str
) -> tuple[str, ...] | None:
    """Codes given to one question; None where it is not in the file, blank, or a reason stands there."""
    words = _words(release, question)
    kind, missing = str(part["kind"].iloc[0]), str(part["missing"].iloc[0])
    if kind == "multiple" and question in row and question not in set(part["column"]):
        cell = row[question]
        parts = [p.strip() for p in cell.split(";") if p.strip()]
        return tuple(_code(words, question, p, where) for p in parts) if cell else None
    cells = [
        (row.get(c, ""), o, k)
        for c, o, k in zip(part["column"], part["option"], part["counted"], strict=True)
    ]
    there = [
        (cell, option, counted) for cell, option, counted in cells if cell and not _is_missing(cell, missing)
    ]
    if not there:
        return None
    if kind == "multiple" and there[0][1]:
        return tuple(option for cell, option, counted in there if cell == counted or cell.casefold() in _YES)
    if kind == "number":
        return (there[0][0],)
    return tuple(_code(words, question, cell, where) for cell, _, _ in there)


def _is_missing(cell: str, missing: str) -> bool:
    for code in missing.split(";") if missing else ():
        low, _, high = code.partition("..")
        if cell == low:
            return True
        try:
            if high and float(low) <= float(cell) <= float(high):
                return True
        except ValueError:
            continue
    return False


def _words(release: Release, question: str) -> dict[str, str]:
    """Codes of a question, and their wordings in any language, to codes."""
    wording = release.table("wording")
    return _words_in(wording[(wording["question"] == question) & (wording["kind"] == "option")])


def _words_in(mine: pd.DataFrame) -> dict[str, str]:
    """Codes and wordings of one question's rows to codes."""
    codes = dict(zip(mine["text"].astype("str").str.casefold(), mine["option"], strict=True))
    return codes | {str(code): str(code) for code in mine["option"]}


def _code(words: Mapping[str, str], question: str, cell: str, where: str) -> str:
    found = words.get(cell) or words.get(cell.casefold())
    if found is None:
        codes = tuple(dict.fromkeys(words.values()))
        raise QuestionFault(
            f"{where}, question {question}",
            f"the answer {cell!r}",
            f"one of its codes {', '.join(codes)}, or their wording",
            nearest(cell, tuple(words)),
        )
    return found
