"""What travels inside an exported file so that reading it gives the wave again: names, codes, questions."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.codebook import Codebook, Question
from survey.codebook_file import overlay_codebook
from survey.coding import code_text
from survey.faults import Fault, Finding
from survey.formats.reading import Reading, Translation

__all__ = ["CARRIED", "Carried", "recoded", "restored", "sealed"]

CARRIED = "crosspressure"
"""Name under which the text stands in a file: an attribute in SPSS, a characteristic in Stata, metadata."""

_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Carried:
    """What a format has no place for, kept beside what it has.

    Attributes
    ----------
    codebook : str
        The text of a `codebook.toml`, with the original names.
    columns : tuple[str, ...]
        Original names of all columns.
    names : Mapping[str, str]
        Column of the file to its original name, where these differ.
    codes : Mapping[str, tuple[tuple[Any, Any], ...]]
        Column of the file to pairs of the value in the file and the original one.
    seen : Mapping[str, str]
        Columns of a question, with tabs between, to the digest of what the file itself says of
        it, to notice later edits.
    is_synthetic : bool
        Whether the respondents are made up.
    """

    codebook: str
    columns: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, tuple[tuple[Any, Any], ...]] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    is_synthetic: bool = False

    def text(self) -> str:
        """As one line of JSON."""
        content = {
            "schema": _SCHEMA,
            "synthetic": self.is_synthetic,
            "columns": list(self.columns),
            "names": dict(self.names),
            "codes": {name: [list(pair) for pair in pairs] for name, pairs in self.codes.items()},
            "seen": dict(self.seen),
            "codebook": self.codebook,
        }
        return json.dumps(content, ensure_ascii=False)


def _parsed(text: str) -> Carried:
    """The record in a text; ValueError where it is none."""
    content = json.loads(text)
    if not isinstance(content, dict) or content.get("schema") != _SCHEMA:
        raise ValueError("of another version")
    names, seen = content["names"], content["seen"]
    columns = content["columns"]
    words = [*columns, *names, *names.values(), *seen, *seen.values(), content["codebook"]]
    if not all(isinstance(word, str) for word in words) or len(set(names.values())) < len(names):
        raise ValueError("not as it was written")
    codes: dict[str, tuple[tuple[Any, Any], ...]] = {}
    for name, pairs in content["codes"].items():
        codes[name] = tuple((pair[0], pair[1]) for pair in pairs)
        if not all(isinstance(v, str | int | float) for pair in codes[name] for v in pair):
            raise ValueError("not as it was written")
    return Carried(content["codebook"], tuple(columns), names, codes, seen, content["synthetic"] is True)


def sealed(carried: Carried, bare: Reading, codebook: Codebook) -> Carried:
    """What travels, with the digest of what the bare file says of each question.

    Parameters
    ----------
    carried : Carried
        Without digests.
    bare : Reading
        The file as written, read without what it carries.
    codebook : Codebook
        The questions under the names of the file.
    """
    back = carried.names
    seen = {
        _key([back.get(c, c) for c in question.columns]): _digest(bare, question.columns)
        for question in codebook.questions
    }
    return replace(carried, seen=seen)


def _key(columns: Sequence[str]) -> str:
    return "\t".join(columns)


def _digest(reading: Reading, columns: Sequence[str]) -> str:
    """Twelve signs that change when the file says something else of these columns."""
    said: list[Any] = [
        (
            reading.labels.get(c, ""),
            sorted(reading.value_labels.get(c, {}).items()),
            sorted((code_text(m.low), code_text(m.high)) for m in reading.missing.get(c, ())),
        )
        for c in columns
    ]
    said += [
        (lang, c, told.labels.get(c, ""), sorted(told.value_labels.get(c, {}).items()))
        for lang, told in reading.translations.items()
        for c in columns
    ]
    said += [(s.name, s.label, s.counted) for s in reading.sets if set(s.columns) & set(columns)]
    return hashlib.sha256(repr(said).encode("utf-8")).hexdigest()[:12]


def recoded(column: pd.Series, pairs: Sequence[tuple[Any, Any]]) -> pd.Series:
    """A column with some values put in place of others; numbers where only numbers are left."""
    new = dict(pairs)
    places, uniques = pd.factorize(column, use_na_sentinel=True)
    values = [new.get(v, v) for v in list(uniques)]
    numbers = not any(isinstance(v, str) for v in values)
    table = np.array([*values, np.nan], dtype=float if numbers else object)
    return pd.Series(table[places], index=column.index, name=column.name)


def restored(reading: Reading, text: str, path: Path) -> Reading:
    """A reading with the names, codes and questions that an exported file carries.

    A question whose labels, missing codes or set were changed in the file since its export is
    taken as the file says, with a finding; columns added since are described as in any file.

    Parameters
    ----------
    reading : Reading
        The file as read.
    text : str
        What it carries; "" gives the reading as it is.
    path : Path
        The file, for messages.
    """
    if not text:
        return reading
    try:
        carried = _parsed(text)
        whole = _codebook(carried, path)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, Fault) as error:
        reason = error.found if isinstance(error, Fault) else str(error)
        finding = Finding(
            str(path),
            f"the codebook inside the file cannot be read ({reason})",
            "Languages, routing and reasons it held are lost; labels of the file are used.",
            "Export the study again, or write a codebook.toml.",
        )
        return replace(reading, findings=(*reading.findings, finding))
    back = _free_names(carried.names, [str(c) for c in reading.frame.columns])
    there = {back.get(str(c), str(c)): str(c) for c in reading.frame.columns}
    kept: list[Question] = []
    edited: list[str] = []
    for question in whole.questions:
        if all(column in there for column in question.columns):
            said = _digest(reading, [there[c] for c in question.columns])
            if said == carried.seen.get(_key(question.columns), said):
                kept.append(question)
                continue
        if any(column in there for column in question.columns):
            edited.append(question.id)
    findings = (*reading.findings, *_edited(path, edited))
    notes = dict(reading.notes) | ({"synthetic": "yes"} if carried.is_synthetic else {})
    named = _renamed(_decoded(reading, carried.codes), back)
    return replace(named, codebook=Codebook(tuple(kept), whole.languages), findings=findings, notes=notes)


def _codebook(carried: Carried, path: Path) -> Codebook:
    """The carried questions, from nothing else than the carried text."""
    blank = Codebook(tuple(Question("\0" + c, "text", (c,)) for c in carried.columns))
    whole = overlay_codebook(blank, path, carried.columns, text=carried.codebook)
    return replace(whole, questions=tuple(q for q in whole.questions if not q.id.startswith("\0")))


def _free_names(names: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """Columns of the file to original names, without those taken by another column since."""
    back = {name: original for name, original in names.items() if name in columns}
    others = {c for c in columns if c not in back}
    return {name: original for name, original in back.items() if original not in others}


def _edited(path: Path, edited: list[str]) -> list[Finding]:
    if not edited:
        return []
    shown = ", ".join(edited[:5]) + (" ..." if len(edited) > 5 else "")
    return [
        Finding(
            str(path),
            f"{len(edited)} questions were changed in the file since its export ({shown})",
            "What the file says now is used; their languages, routing and nets are not restored.",
            "Write what is missing in codebook.toml.",
        )
    ]


def _decoded(reading: Reading, codes: Mapping[str, tuple[tuple[Any, Any], ...]]) -> Reading:
    """The reading with original values in place of those the format needed."""
    here = {name: pairs for name, pairs in codes.items() if name in reading.frame.columns}
    if not here:
        return reading
    frame = reading.frame.copy(deep=False)
    labels = dict(reading.value_labels)
    missing = dict(reading.missing)
    further = {lang: dict(told.value_labels) for lang, told in reading.translations.items()}
    for name, pairs in here.items():
        frame[name] = recoded(frame[name], pairs)
        texts = {code_text(value): code_text(original) for value, original in pairs}
        ends = {code_text(value): original for value, original in pairs}
        for found in (labels, *further.values()):
            if name in found:
                found[name] = {texts.get(code, code): label for code, label in found[name].items()}
        if name in missing:
            missing[name] = tuple(
                replace(m, low=ends[code_text(m.low)], high=ends[code_text(m.low)])
                if m.low == m.high and code_text(m.low) in ends
                else m
                for m in missing[name]
            )
    told = {lang: replace(t, value_labels=further[lang]) for lang, t in reading.translations.items()}
    return replace(reading, frame=frame, value_labels=labels, missing=missing, translations=told)


def _renamed(reading: Reading, back: Mapping[str, str]) -> Reading:
    """The reading with original names of columns."""
    if not back:
        return reading

    def by_name(table: Mapping[str, Any]) -> dict[str, Any]:
        return {back.get(name, name): value for name, value in table.items()}

    return replace(
        reading,
        frame=reading.frame.rename(columns=dict(back)),
        labels=by_name(reading.labels),
        value_labels=by_name(reading.value_labels),
        missing=by_name(reading.missing),
        sets=tuple(replace(s, columns=tuple(back.get(c, c) for c in s.columns)) for s in reading.sets),
        times=frozenset(back.get(c, c) for c in reading.times),
        translations={
            lang: Translation(by_name(told.labels), by_name(told.value_labels))
            for lang, told in reading.translations.items()
        },
    )
