"""A .dta written so that nothing is lost: `.a` to `.z` for reasons, labels in each language."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from survey.codebook import Codebook
from survey.codebook_writing import codebook_text
from survey.faults import Finding
from survey.formats.carried import CARRIED, Carried, sealed
from survey.formats.fitting import STATA_NAMES, fitted_names
from survey.formats.holding import plain_column
from survey.formats.stata import read_dta
from survey.formats.stata_file import StataColumn, StataTable, dta_bytes
from survey.formats.stata_languages import language_names
from survey.formats.stata_variable import StataVariable, shortened
from survey.wave import Wave

__all__ = ["write_dta"]

_LABEL, _CHUNK = 80, 15_000


def write_dta(
    path: Path,
    wave: Wave,
    *,
    created: datetime,
    label: str = "",
    notes: Sequence[str] = (),
    is_synthetic: bool = False,
) -> tuple[Finding, ...]:
    """Write a wave as Stata .dta (release 118); the same input gives the same bytes.

    Missing codes become `.a` to `.z` (by reason: `.d` do not know, `.r` refused, `.i` not asked,
    `.w` withheld, `.n` no answer, else the next free letter) under their labels. Further languages
    are those of Stata's `label language`. Sets, routing and original names travel in
    characteristics, and reading gives all back.

    Parameters
    ----------
    path : Path
        File to write; written whole or not at all.
    wave : Wave
        What to write.
    created : datetime
        Time in the header.
    label : str
        Label of the data set.
    notes : Sequence[str]
        Notes of the data set.
    is_synthetic : bool
        Whether the respondents are made up.

    Raises
    ------
    FileFault
        An infinite number.
    """
    names = fitted_names([str(c) for c in wave.frame.columns], STATA_NAMES)
    by_column = {column: q for q in wave.codebook.questions for column in q.columns}
    variables = [
        StataVariable(name, plain_column(wave.frame[c], by_column.get(c), f"column {c}"), by_column.get(c))
        for c, name in names.items()
    ]
    carried = Carried(
        codebook=codebook_text(wave.codebook),
        columns=tuple(names),
        names={name: original for original, name in names.items() if name != original},
        codes={v.name: v.pairs() for v in variables if v.pairs()},
        is_synthetic=is_synthetic,
    )
    languages = _spoken(wave.codebook)
    table, findings = _table(variables, languages, shortened(label, _LABEL), notes, carried)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(dta_bytes(table, created))
        fitted = Codebook(
            tuple(replace(q, columns=tuple(names[c] for c in q.columns)) for q in wave.codebook.questions)
        )
        text = sealed(carried, read_dta(part), fitted).text()
        chunks = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
        more = tuple(("_dta", f"{CARRIED}{i + 1}", chunk) for i, chunk in enumerate(chunks))
        whole = StataTable(table.columns, table.label, table.value_labels, (*table.characteristics, *more))
        part.write_bytes(dta_bytes(whole, created))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
    return findings


def _spoken(codebook: Codebook) -> tuple[str, ...]:
    """Languages to write: those of the codebook, after labels of no language that stand beside others."""
    labels = [q.label for q in codebook.questions]
    labels += [c.label for q in codebook.questions for c in q.choices]
    mixed = "" not in codebook.languages and any("" in label and len(label) > 1 for label in labels)
    return ("", *codebook.languages) if mixed else codebook.languages


def _table(
    variables: Sequence[StataVariable],
    languages: Sequence[str],
    label: str,
    notes: Sequence[str],
    carried: Carried,
) -> tuple[StataTable, tuple[Finding, ...]]:
    """The data set with labels in all languages, without what travels hidden."""
    first, rest = languages[0], languages[1:]
    named = language_names(languages)
    texts: list[tuple[str, str, str]] = [("_dta", "note0", str(len(notes)))] if notes else []
    texts += [("_dta", f"note{i + 1}", note) for i, note in enumerate(notes)]
    if rest:
        texts += [("_dta", "_lang_list", " ".join(named.values())), ("_dta", "_lang_c", named[first])]
        texts += [("_dta", f"_lang_v_{named[lang]}", label) for lang in rest if label]
    sets = fitted_names([f"{v.name}\0{lang}" for lang in [first, *rest] for v in variables], STATA_NAMES)
    columns: list[StataColumn] = []
    value_labels: dict[str, Mapping[int | str, str]] = {}
    cut: list[str] = []
    unlabelled: list[str] = []
    for variable in variables:
        values, shown = variable.values()
        wording = variable.label(first)
        labels = variable.labels(first)
        name = sets[f"{variable.name}\0{first}"] if labels else ""
        if labels:
            value_labels[name] = labels
        for lang in rest:
            told = shortened(variable.label(lang), _LABEL)
            texts += [(variable.name, f"_lang_v_{named[lang]}", told)] if told else []
            if labels:
                other = sets[f"{variable.name}\0{lang}"]
                value_labels[other] = variable.labels(lang)
                texts.append((variable.name, f"_lang_l_{named[lang]}", other))
        if variable.name in carried.names:
            texts.append((variable.name, "original_name", carried.names[variable.name]))
        if len(wording) > _LABEL:
            cut.append(variable.name)
        if variable.is_speechless:
            unlabelled.append(variable.name)
        columns.append(StataColumn(variable.name, shortened(wording, _LABEL), shown, values, name))
    many = [v.name for v in variables if v.many]
    findings = (
        *_said(cut, f"wordings of more than {_LABEL} characters", "Stata shows their beginning."),
        *_said(unlabelled, "labels of codes that are no whole numbers", "Stata shows the codes alone."),
        *_said(many, "more than 26 missing codes", "The others stand as plain numbers in Stata."),
    )
    return StataTable(tuple(columns), label, value_labels, tuple(texts)), findings


def _said(names: Sequence[str], found: str, meaning: str) -> tuple[Finding, ...]:
    if not names:
        return ()
    shown = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
    back = "Reading the file here gives all back."
    return (Finding(f"variables {shown}", found, f"{meaning} {back}", ""),)
