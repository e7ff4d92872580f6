"""Waves one below the other: one question a concept, where its codes mean the same in all waves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey.codebook import Choice, MissingCode, Question
from survey.coding import code_column
from survey.concepts import Item
from survey.expression import parse_expression
from survey.expression_tree import names_in
from survey.faults import Finding, QuestionFault
from survey.wave import Wave

__all__ = ["renamed_expression", "stacked"]

_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class _Together:
    """A question of the stack: its latest form, its items, and where each wave has its columns."""

    question: Question
    asked: list[Item]
    sources: dict[str, dict[str, str]]


def stacked(
    waves: Sequence[Wave], items: Sequence[Item], over_breaks: bool, wave_column: str
) -> tuple[dict[str, pd.Series], list[Question], tuple[Finding, ...]]:
    """Columns, questions and findings of waves one below the other.

    Codes stay as they are. Labels, choices and missing codes are those of the latest wave, and
    those of earlier waves that it lacks. Ids, weights and design columns go by their name.

    Parameters
    ----------
    waves : sequence of Wave
        Oldest first.
    items : sequence of Item
        What `follow_concepts` returns for them.
    over_breaks : bool
        Whether a declared break is no reason to stay apart.
    wave_column : str
        Question that tells the wave of a row, for routing.

    Raises
    ------
    QuestionFault
        Two questions that would share a column.
    """
    by_name = {wave.name: wave for wave in waves}
    findings: list[Finding] = []
    groups: list[_Together] = []
    concepts: dict[str, list[Item]] = {}
    for item in items:
        concepts.setdefault(item.concept, []).append(item)
    for concept, asked in concepts.items():
        reason = _apart(by_name, asked, over_breaks)
        if reason:
            findings.append(
                Finding(
                    f"concept {concept}",
                    reason,
                    "Its questions stay apart, one for each wave.",
                    "Mend the codebooks if they mean the same.",
                )
            )
            groups += [_together([item], f"_{item.wave}") for item in asked]
        else:
            groups.append(_together(asked, ""))
    names = _new_names(waves, groups)
    columns: dict[str, pd.Series] = {}
    questions: list[Question] = []
    for group in groups:
        questions.append(replace(group.question, asked_if=_routing(waves, group, names, wave_column)))
        _add(columns, {name: _joined(waves, sources) for name, sources in group.sources.items()})
    for question, sources in _others(waves):
        questions.append(question)
        _add(columns, {name: _joined(waves, by_wave) for name, by_wave in sources.items()})
    return columns, questions, tuple(findings)


def renamed_expression(expression: str, names: Mapping[str, str]) -> str:
    """The same expression with questions and columns under other names; unknown names stay."""
    places = {name.at: name.id for name in names_in(parse_expression(expression))}
    for (start, end), name in sorted(places.items(), reverse=True):
        if names.get(name, name) != name:
            expression = f"{expression[:start]}`{names[name]}`{expression[end:]}"
    return expression


def _add(columns: dict[str, pd.Series], more: Mapping[str, pd.Series]) -> None:
    for name, column in more.items():
        if name in columns:
            raise QuestionFault(
                f"column {name!r}",
                "two questions would have it, for it holds another question in another wave",
                "each column in one question",
                "give both questions one concept, or merge in the wide shape",
            )
        columns[name] = column


def _apart(waves: Mapping[str, Wave], asked: list[Item], over_breaks: bool) -> str:
    """Why the questions of a concept cannot be one; "" where they can."""
    reasons = [difference for item in asked for difference in item.differences]
    if not over_breaks:
        reasons += [f"break in {i.wave}: {i.reason()}" for i in asked if i.is_break and not i.differences]
    layouts = {
        (q.kind, q.counted, len(q.columns) if q.kind == "multiple" and not q.counted else 0)
        for q in (item.question for item in asked)
    }
    if len(layouts) > 1:
        reasons.append("its columns are of another layout")
    if not reasons:
        reasons += _read_otherwise(waves, asked)
    return "; ".join(dict.fromkeys(reasons))


def _read_otherwise(waves: Mapping[str, Wave], asked: list[Item]) -> list[str]:
    """Cells that would be read otherwise by the reasons and labels of another wave."""
    missing, labelled = (
        _missing(asked),
        {c.code for i in asked for c in i.question.choices if any(c.label.values())},
    )
    reasons: list[str] = []
    for item in asked:
        own = item.question
        named = {c.code for c in own.choices}
        for column in own.columns:
            cells = waves[item.wave].frame[column]
            texts = own.kind in ("single", "multiple")
            before = code_column(cells, own.missing, texts=texts)
            if own.missing != missing:
                after = code_column(cells, missing, texts=False)
                if (before.state != after.state).any():
                    reasons.append(f"a reason for no answer elsewhere is an answer in wave {item.wave}")
            lent = sorted((set(before.found) - named) & labelled) if named and not own.counted else []
            if lent:
                reasons.append(f"codes without a label in wave {item.wave}: {', '.join(lent[:5])}")
    return reasons


def _together(asked: list[Item], suffix: str) -> _Together:
    """One question for items of a concept; its choices with their columns."""
    latest = asked[-1].question
    label: dict[str, str] = {}
    for item in asked:
        label |= {lang: text for lang, text in item.question.label.items() if text}
    target = _columns_by_code(asked)
    sources: dict[str, dict[str, str]] = {}
    for item in reversed(asked):
        own = item.question
        for place, column in enumerate(own.columns):
            name = target[_code_of(own, column)] if own.is_dichotomies else latest.columns[place]
            sources.setdefault(name + suffix, {})[item.wave] = column
    choices: dict[str, Choice] = {}
    for item in reversed(asked):
        for choice in item.question.choices:
            known = choices.get(choice.code)
            if known:
                choices[choice.code] = replace(known, label={**choice.label, **known.label})
            else:
                column = target[choice.code] + suffix if choice.column else ""
                choices[choice.code] = replace(choice, column=column)
    question = replace(
        latest,
        id=latest.id + suffix,
        columns=tuple(sources),
        label=label,
        choices=tuple(choices.values()),
        missing=_missing(asked),
        nets={name: codes for item in asked for name, codes in item.question.nets.items()},
        net_labels={name: text for item in asked for name, text in item.question.net_labels.items()},
        concept=latest.id + suffix if suffix else asked[-1].concept,
    )
    return _Together(question, asked, sources)


def _code_of(question: Question, column: str) -> str:
    return next((c.code for c in question.choices if c.column == column), column)


def _columns_by_code(asked: list[Item]) -> dict[str, str]:
    """For sets of dichotomies the column of each code, of the latest wave that has it; no two alike."""
    target: dict[str, str] = {}
    for item in reversed(asked):
        if item.question.is_dichotomies:
            for column in item.question.columns:
                free = column if column not in target.values() else f"{column}_{item.wave}"
                target.setdefault(_code_of(item.question, column), free)
    return target


def _missing(asked: list[Item]) -> tuple[MissingCode, ...]:
    codes: dict[tuple[bool, float | str, float | str], MissingCode] = {}
    for item in reversed(asked):
        for code in item.question.missing:
            codes.setdefault((isinstance(code.low, str), code.low, code.high), code)
    return tuple(codes.values())


def _new_names(waves: Sequence[Wave], groups: Sequence[_Together]) -> dict[str, dict[str, str]]:
    """For each wave, its questions and columns to their names in the stack."""
    names: dict[str, dict[str, str]] = {wave.name: {} for wave in waves}
    for group in groups:
        for column, by_wave in group.sources.items():
            for wave, source in by_wave.items():
                names[wave][source] = column
        for item in group.asked:
            names[item.wave][item.question.id] = group.question.id
    return names


def _routing(
    waves: Sequence[Wave], group: _Together, names: Mapping[str, Mapping[str, str]], wave_column: str
) -> str:
    """Who was asked, over all waves: by the wave, then by the routing of that wave."""
    own = {i.wave: i.question.asked_if for i in group.asked}
    own = {wave: renamed_expression(text, names[wave]) if text else "" for wave, text in own.items()}
    if len(own) == len(waves) and len(set(own.values())) == 1:
        return next(iter(own.values()))
    parts: dict[str, list[str]] = {}
    for wave, text in own.items():
        parts.setdefault(text, []).append("'" + wave.replace("\\", "\\\\").replace("'", "\\'") + "'")
    return " or ".join(
        f"(`{wave_column}` in ({', '.join(those)})" + (f" and ({text}))" if text else ")")
        for text, those in parts.items()
    )


def _others(waves: Sequence[Wave]) -> list[tuple[Question, dict[str, dict[str, str]]]]:
    """Ids, weights, design columns and what was set aside, by name; the newest wave describes them."""
    newest: dict[str, Question] = {}
    sources: dict[str, dict[str, dict[str, str]]] = {}
    for wave in reversed(waves):
        for question in wave.codebook.questions:
            if question.role != "question":
                newest.setdefault(question.id, question)
                for column in question.columns:
                    sources.setdefault(question.id, {}).setdefault(column, {})[wave.name] = column
    return [
        (replace(q, columns=tuple(sources[name]), concept=q.concept or name), sources[name])
        for name, q in newest.items()
    ]


def _joined(waves: Sequence[Wave], sources: Mapping[str, str]) -> pd.Series:
    """One column over the rows of all waves, blank where a wave has none; no number loses a digit."""
    parts = [
        wave.frame[sources[wave.name]].reset_index(drop=True)
        if wave.name in sources
        else pd.Series(np.full(len(wave), np.nan), dtype=object)
        for wave in waves
    ]
    real = [part for wave, part in zip(waves, parts, strict=True) if wave.name in sources]
    sorts = {_sort(part) for part in real}
    if sorts == {"number"}:
        integer = [pd.api.types.is_integer_dtype(part) for part in real]
        large = any(i and len(p) and int(p.abs().max()) > _EXACT for i, p in zip(integer, real, strict=True))
        if all(integer) and len(real) == len(parts):
            return pd.concat(parts, ignore_index=True)
        if not large:
            return pd.concat([part.astype("float64") for part in parts], ignore_index=True)
    if sorts == {"text"}:
        return pd.concat([part.astype("str") for part in parts], ignore_index=True)
    if sorts == {"date"}:
        return pd.concat([pd.to_datetime(part) for part in parts], ignore_index=True)
    return pd.concat([part.astype(object) for part in parts], ignore_index=True)


def _sort(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column) or isinstance(column.dtype, pd.CategoricalDtype):
        return "other"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "text" if isinstance(column.dtype, pd.StringDtype) else "other"
