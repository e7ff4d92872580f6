"""What every format hands over: the raw table and all its file says about the columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from survey.codebook import Codebook, MissingCode
from survey.faults import Finding

__all__ = ["Reading", "ResponseSet", "Translation"]


@dataclass(frozen=True, slots=True)
class ResponseSet:
    """A multiple-response set as a file declares it.

    Attributes
    ----------
    name : str
        Name without `$`.
    label : str
        Wording; "" if none.
    columns : tuple[str, ...]
        Columns of its options (dichotomies) or of its mentions (categories).
    counted : str
        Value that is a tick for dichotomies; "" for categories.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    counted: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a file says of its columns in one more language.

    Attributes
    ----------
    labels : Mapping[str, str]
        Column to wording.
    value_labels : Mapping[str, Mapping[str, str]]
        Column to code text to label.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as read.

    Attributes
    ----------
    frame : pandas.DataFrame
        Raw codes, missing codes included.
    labels : Mapping[str, str]
        Column to wording.
    value_labels : Mapping[str, Mapping[str, str]]
        Column to code text to label, in the order of the file.
    missing : Mapping[str, tuple[MissingCode, ...]]
        Column to its missing codes.
    sets : tuple[ResponseSet, ...]
        Multiple-response sets.
    times : frozenset[str]
        Columns that hold times of day, as text.
    encoding : str
        Encoding read, "" where the format has none.
    findings : tuple[Finding, ...]
        What was odd.
    notes : Mapping[str, str]
        File label, documents, time of writing.
    codebook : Codebook or None
        Questions as an instrument states them (wording per language, routing, sets), with the
        columns its platform writes; None where the file is a plain table. An instrument without
        answers has a frame of no rows.
    ids : Mapping[str, str]
        For the columns of answers that carry it, the id their instrument knows them by; in an
        instrument, the id of each column it expects.
    aliases : Mapping[str, tuple[str, ...]]
        In an instrument: column to other names it may bear in the answers.
    lists : Mapping[str, tuple[str, str]]
        In an instrument: id of a set to the column that may hold all its ticks as one text, and
        the sign between them (`"q4"`: `("q4", " ")` for `a c d`).
    apart : Mapping[str, str]
        In an instrument: id of a question that is asked several times to the name of its repeat,
        whose answers stand in a table of their own.
    language : str
        Language of the labels; "" where the file does not say.
    translations : Mapping[str, Translation]
        Further languages, and what the file says in each.
    formats : Mapping[str, str]
        In a SAS table: column to the format of the user that labels its values.
    catalogue : Mapping[str, Mapping[str, str]]
        In a SAS catalogue: format to code text to label.
    """

    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[MissingCode, ...]] = field(default_factory=dict)
    sets: tuple[ResponseSet, ...] = ()
    times: frozenset[str] = frozenset()
    encoding: str = ""
    findings: tuple[Finding, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    codebook: Codebook | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    translations: Mapping[str, Translation] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    catalogue: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
