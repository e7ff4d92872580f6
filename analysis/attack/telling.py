"""Rows, names, ids and leftovers of single firms anywhere in the bytes of a Release."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from analysis.attack.opening import Piece
from analysis.attack.taking import LAW, Taken

__all__ = ["told_words"]

_OF_FIRMS = frozenset(
    {"firm", "firm_id", "respondent", "respondent_id", "party", "buyer", "supplier", "draw"}
)
"""Columns that hold one firm, or one draw, a row."""

_SECRET = frozenset({"p", "k", "p_percent", "dominance", "seed", "salt", "key", "parameters"})
"""Settings of protection that let a reader turn it back."""

_OF_LAW = ("/rule", "/instruments", "/technology", "/collision")
"""Answers of the server that hold facts of law."""

_DIGEST = re.compile(r"^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$")
_WORD = re.compile(r"\w+")
_SHORTEST = 3


def told_words(taken: Taken, names: Sequence[str] = (), pieces: Sequence[Piece] = ()) -> pd.DataFrame:
    """Everything that is a firm, or is left of one, rather than a number about many.

    Parameters
    ----------
    taken : Taken
    names : sequence of str
        Names and ids of firms that the adversary can look for; a list of members is easily had.
    pieces : sequence of Piece
        What was read of other files, and of what its server answers: searched for names too.

    Returns
    -------
    pandas.DataFrame
        Columns of an attack. Looked for: columns of firms or draws; a column with a value of its own for
        each firm that took part; lists in cells; words of `names` in any cell, schema or file, plain or as
        MD5, SHA-1 or SHA-256; words in a file that no cell uses (dictionaries), statistics and metadata of
        Parquet files; files that the manifest does not list, archives (workbooks, decks) opened; parameters
        of protection in the manifest; the order of rows.
    """
    found: list[tuple[str, str, str, str]] = []
    searched: list[tuple[str, str]] = []
    for name, table in taken.tables.items():
        found += [(name, "column", c, "a row for each firm") for c in _firm_columns(taken, name, table)]
        found += _parquet(taken.folder / f"{name}.parquet", name)
        if name not in LAW:
            searched += [(name, text) for text in _texts(table)]
    found += [("manifest.json", key, "", "a parameter of protection") for key in _secrets(taken)]
    found += _unlisted(taken)
    found += _orders(taken)
    searched.append(("manifest.json", repr(dict(taken.manifest))))
    told = [piece for piece in pieces if not piece.place.startswith(_OF_LAW)]
    searched += [(piece.place, " | ".join(line)) for piece in told for line in piece.lines]
    found += [(place, "name", word, f"{how} of a firm") for place, word, how in _named(searched, names)]
    rows = [
        {
            "release": taken.label, "way": "words", "table": place, "question": kind, "option": word,
            "firms_low": 1, "firms_high": 1, "low": 1, "high": 1, "floor": taken.floor,
            "verdict": "recovered", "how": how,
        }
        for place, kind, word, how in found
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _firm_columns(taken: Taken, name: str, table: pd.DataFrame) -> Iterable[str]:
    """Columns that hold one firm a row, by their name or by holding as many different values as firms."""
    for column in table.columns:
        values = table[column]
        is_named = str(column).casefold() in _OF_FIRMS and name not in LAW and len(table) > 0
        is_nested = values.dtype == object and any(isinstance(v, (list, dict, tuple)) for v in values)
        is_text = name not in LAW and pd.api.types.is_string_dtype(values)
        is_each = is_text and len(table) == taken.firms > 1 and values.nunique() == len(table)
        if is_named or is_nested or is_each:
            yield str(column)


def _texts(table: pd.DataFrame) -> list[str]:
    """Every different text in a table, and its columns' names."""
    texts = [str(column) for column in table.columns]
    for column in table.columns:
        if not pd.api.types.is_numeric_dtype(table[column]):
            texts += [str(value) for value in table[column].dropna().unique() if str(value)]
    return texts


def _parquet(path: Path, name: str) -> list[tuple[str, str, str, str]]:
    """Metadata, statistics and dictionary words of a file that its cells do not show."""
    found = []
    stored = pq.ParquetFile(path)
    about = stored.metadata
    extra = {key for key in (about.metadata or {}) if key != b"ARROW:schema"}
    if extra:
        found.append((name, "metadata", ", ".join(sorted(k.decode("latin-1") for k in extra)), "metadata"))
    for group in range(about.num_row_groups):
        for column in range(about.num_columns):
            chunk = about.row_group(group).column(column)
            if chunk.is_stats_set and chunk.statistics is not None and chunk.statistics.has_min_max:
                found.append(
                    (name, "statistics", chunk.path_in_schema, "least and greatest value of a column")
                )
    words = [f.name for f in stored.schema_arrow if "string" in str(f.type)]
    if not words:
        return found
    coded = pq.ParquetFile(path, read_dictionary=words).read(columns=words)
    for column in words:
        for chunk in coded.column(column).chunks:
            kept = getattr(chunk, "dictionary", None)
            if kept is not None:
                unused = set(kept.to_pylist()) - set(chunk.to_pylist())
                found += [
                    (name, "dictionary", str(word), "a word no cell shows")
                    for word in sorted(map(str, unused))
                ]
    return found


def _secrets(taken: Taken) -> list[str]:
    """Keys of the manifest's account of protection that must stay private."""
    said = taken.manifest.get("disclosure") or {}
    return (
        sorted(str(key) for key in said if str(key).casefold() in _SECRET) if isinstance(said, dict) else []
    )


def _unlisted(taken: Taken) -> list[tuple[str, str, str, str]]:
    """Files the manifest does not list."""
    listed = {*taken.manifest.get("files", {}), "manifest.json"}
    found = []
    for path in sorted(p for p in taken.folder.rglob("*") if p.is_file()):
        place = path.relative_to(taken.folder).as_posix()
        if place in listed:
            continue
        found.append((place, "file", "", "a file the manifest does not list"))
    return found


def _named(searched: list[tuple[str, str]], names: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    """Place, word and form of each name that stands somewhere, as words of their own."""
    wanted = [name for name in dict.fromkeys(names) if len(name) >= _SHORTEST and not name.isdecimal()]
    if not wanted:
        return
    by_place: dict[str, list[str]] = {}
    for place, text in searched:
        by_place.setdefault(place, []).append(text)
    digests = {
        hashlib.new(kind, name.encode()).hexdigest(): (name, kind)
        for name in dict.fromkeys([*wanted, *names])
        for kind in ("md5", "sha1", "sha256")
    }
    parts = {name: frozenset(_WORD.findall(name)) for name in wanted}
    for place, texts in by_place.items():
        whole = "\n".join(texts)
        tokens = set(_WORD.findall(whole))
        for token in tokens:
            if _DIGEST.match(token) and token in digests:
                yield place, digests[token][0], f"a digest ({digests[token][1]})"
        for name in wanted:
            is_near = bool(parts[name]) and parts[name] <= tokens and name in whole
            if is_near and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole):
                yield place, name, "the name or id"


def _orders(taken: Taken) -> list[tuple[str, str, str, str]]:
    """Answers in order of size, not of the questionnaire: hidden ones then lie between their neighbours."""
    table, wording = taken.tables.get("estimates"), taken.tables.get("wording")
    if table is None or wording is None or "flag" not in table:
        return []
    usual = wording[wording["kind"].isin(["option", "net"])].drop_duplicates(["question", "option"])
    place = {key: at for at, key in enumerate(zip(usual["question"], usual["option"], strict=True))}
    found = []
    rows = table[(table["by"] == "") & table["base_rule"].isin(["answered", ""])]
    for question, part in rows.groupby("question", sort=False):
        hidden = part["estimate"].isna()
        if not hidden.any() or hidden.all() or (~hidden).sum() < 2:
            continue
        at = [place.get((question, option), -1) for option in part["option"]]
        shown = part.loc[~hidden, "estimate"].astype(float)
        in_order = at == sorted(at)
        if not in_order and (shown.is_monotonic_decreasing or shown.is_monotonic_increasing):
            found.append(("estimates", "order", str(question), "rows in order of their hidden numbers"))
    return found
