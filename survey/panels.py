"""Firms followed over waves: one line a firm, and the row that holds its answers in each wave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.coding import code_column
from survey.faults import DesignFault, Finding, StudyFault, nearest
from survey.latest import weigh_source
from survey.paths import near_path
from survey.renames import Decisions, no_decisions, read_decisions
from survey.study import Study
from survey.wave import Wave

__all__ = ["Panel", "decisions_of", "follow_firms", "panel"]

_KEYS = ("decisions",)


@dataclass(frozen=True, slots=True)
class Panel:
    """Firms over the waves of a study.

    Attributes
    ----------
    waves : tuple[Wave, ...]
        Oldest first.
    firms : pandas.DataFrame
        One row a firm, in the order they first appear. Columns: `firm` (its last id, as text);
        `ids` (all ids it had, joined by a space, oldest first); `merged_into` (firm that absorbed
        it; "" if none); `waves` (number of waves it answered).
    rows : NDArray[np.int64]
        Shape (firms, waves): row of the wave's frame, -1 where the firm did not take part.
    overlap : pandas.DataFrame
        One row a pair of waves: `earlier,later,firms_earlier,firms_later,both,only_earlier,
        only_later,merged` (firms of `only_earlier` that were absorbed by another).
    decisions : Decisions
        Renames and mergers as people decided them.
    findings : tuple[Finding, ...]
        Decisions that meet nothing, absorbed firms that still answer.
    """

    waves: tuple[Wave, ...]
    firms: pd.DataFrame
    rows: NDArray[np.int64]
    overlap: pd.DataFrame
    decisions: Decisions
    findings: tuple[Finding, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Names of the waves, oldest first."""
        return tuple(wave.name for wave in self.waves)

    def pairs(self, earlier: str, later: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows in two waves of the firms that answered both, firm by firm: two arrays of one shape.

        Raises
        ------
        StudyFault
            No wave of that name.
        """
        both = self.rows[:, [self._place(earlier), self._place(later)]]
        both = both[(both >= 0).all(axis=1)]
        return both[:, 0], both[:, 1]

    def _place(self, name: str) -> int:
        if name not in self.names():
            raise StudyFault(
                f"wave {name!r}", "no such wave", "a wave of the study", nearest(name, self.names())
            )
        return self.names().index(name)


def panel(study: Study) -> Panel:
    """Follow the firms of a study over all its waves, cleaned and weighed, by id.

    Renames and mergers are read from the file that `decisions` in section `[panel]` names.

    Raises
    ------
    StudyFault
        A study without waves, an unknown key, a contradictory decision.
    DesignFault
        No id, a firm without an id, or an id that stands twice in a wave.
    FileFault
        No file of decisions, or a wave that cannot be read.
    """
    if not study.waves:
        raise StudyFault(
            study.place("waves"), "a study of links only", "at least one [[waves]]", "add [[waves]]"
        )
    decisions = decisions_of(study)
    waves = [weigh_source(study, source)[0] for source in study.waves]
    return follow_firms(waves, id=study.design.id, decisions=decisions)


def decisions_of(study: Study) -> Decisions:
    """Renames and mergers of a study; none where it names no file.

    Raises
    ------
    FileFault, StudyFault
        As `panel`.
    """
    section = study.section("panel")
    for key in section:
        if key not in _KEYS:
            raise StudyFault(
                study.place(f"panel.{key}"),
                f"unknown key {key!r}",
                "one of: " + ", ".join(_KEYS),
                nearest(key, _KEYS),
            )
    if "decisions" not in section:
        return no_decisions()
    return read_decisions(_beside(study, section))


def follow_firms(waves: Sequence[Wave], *, id: str = "", decisions: Decisions | None = None) -> Panel:
    """Follow the firms of waves that are already read.

    A renamed firm is one firm under its last id. An absorbed firm keeps a line of its own, which
    says who absorbed it: its answers are not those of the firm it became a part of.

    Parameters
    ----------
    waves : sequence of Wave
        Oldest first, each name once.
    id : str
        Column of ids; where a wave lacks it, or where "", its question of role `id`.
    decisions : Decisions or None
        What `read_decisions` returns; None for none.

    Raises
    ------
    DesignFault, StudyFault
        As `panel`.
    """
    decided = decisions or no_decisions()
    ids = [_ids(wave, id) for wave in waves]
    for wave, own in zip(waves, ids, strict=True):
        decided.check_against(wave.name, own)
    last = [decided.last_ids(own) for own in ids]
    codes, firms = pd.factorize(np.concatenate(last))
    rows = np.full((len(firms), len(waves)), -1, dtype=np.int64)
    wave_of = np.repeat(np.arange(len(waves)), [len(own) for own in ids])
    rows[codes, wave_of] = np.concatenate([np.arange(len(own)) for own in ids])
    merged = pd.Series(firms, dtype=object).map(decided.merged_into).astype(object).fillna("")
    table = pd.DataFrame(
        {
            "firm": pd.Series(firms, dtype="str"),
            "ids": _all_ids(codes, np.concatenate(ids), len(firms)),
            "merged_into": merged.astype("str"),
            "waves": (rows >= 0).sum(axis=1),
        }
    )
    names = [wave.name for wave in waves]
    known = np.unique(np.concatenate(ids).astype(str))
    findings = (*decided.unmet(known), *_still_there(table, rows, names))
    overlap = _overlap(rows >= 0, (merged != "").to_numpy(), names)
    return Panel(tuple(waves), table, rows, overlap, decided, findings)


def _ids(wave: Wave, column: str) -> NDArray[np.object_]:
    """Shape (n,): ids of a wave as text."""
    if not column or column not in wave.frame.columns:
        owners = [q.columns[0] for q in wave.codebook.questions if q.role == "id"]
        if len(owners) != 1:
            raise DesignFault(
                f"wave {wave.name}",
                f"no column {column!r}" if column else f"{len(owners)} questions of role id",
                "one column of firm ids in each wave",
                'name it: [design] id = "..." in study.toml, or role = "id" in the codebook of the wave',
            )
        column = owners[0]
    coded = code_column(wave.frame[column])
    where = f"wave {wave.name}, id {column!r}"
    blank = np.flatnonzero(coded.index < 0)
    if len(blank):
        raise DesignFault(
            where,
            f"{len(blank)} firms without an id: {_some(blank + 1, 'row')}",
            "an id for each firm",
            "fill it in",
        )
    counts = np.bincount(coded.index, minlength=len(coded.found))
    if (counts > 1).any():
        twice = [coded.found[i] for i in np.flatnonzero(counts > 1)]
        raise DesignFault(
            where,
            f"{len(twice)} ids stand more than once: {_some(twice, 'id')}",
            "one row for each firm in a wave",
            "merge or drop the duplicates",
        )
    return np.array(coded.found, dtype=object)[coded.index]


def _some(values: Sequence[object] | NDArray[np.int64], word: str) -> str:
    return f"{word} " + ", ".join(map(str, values[:5])) + (" ..." if len(values) > 5 else "")


def _all_ids(codes: NDArray[np.intp], ids: NDArray[np.object_], firms: int) -> pd.Series:
    """Shape (firms,): the ids of each firm, each once, oldest first."""
    pairs = pd.DataFrame({"firm": codes, "id": ids}).drop_duplicates()
    single = ~pairs["firm"].duplicated(keep=False)
    out = np.empty(firms, dtype=object)
    out[pairs.loc[single, "firm"]] = pairs.loc[single, "id"]
    several = pairs[~single].groupby("firm", sort=True)["id"].agg(" ".join)
    out[several.index.to_numpy()] = several.to_numpy(dtype=object)
    return pd.Series(out, dtype="str")


def _overlap(there: NDArray[np.bool_], merged: NDArray[np.bool_], names: Sequence[str]) -> pd.DataFrame:
    count = there.astype(np.int64)
    both = count.T @ count
    gone = (count * merged[:, None]).T @ (1 - count)
    first, second = np.triu_indices(len(names), 1)
    size = np.diag(both)
    return pd.DataFrame(
        {
            "earlier": [names[int(i)] for i in first],
            "later": [names[int(j)] for j in second],
            "firms_earlier": size[first],
            "firms_later": size[second],
            "both": both[first, second],
            "only_earlier": size[first] - both[first, second],
            "only_later": size[second] - both[first, second],
            "merged": gone[first, second],
        }
    )


def _still_there(table: pd.DataFrame, rows: NDArray[np.int64], names: Sequence[str]) -> list[Finding]:
    absorbed = (table["merged_into"] != "").to_numpy() & (rows[:, -1] >= 0)
    firms = table["firm"].to_numpy()[absorbed]
    if not len(firms):
        return []
    return [
        Finding(
            f"wave {names[-1]}",
            f"{len(firms)} firms that were absorbed still answer ({_some(firms, 'firm')})",
            "They count as firms of their own.",
            "Check the decision; withdraw it by a new line if the firm lives on.",
        )
    ]


def _beside(study: Study, section: Mapping[str, object]) -> Path:
    named = section["decisions"]
    place = study.place("panel.decisions")
    if not isinstance(named, str) or not named:
        raise StudyFault(place, f"{named!r}", "the name of a CSV file", 'write  decisions = "firms.csv"')
    file = study.folder / named
    if not file.is_file():
        raise StudyFault(
            place, f"no file {named!r} in {study.folder}", "a file beside study.toml", near_path(file)
        )
    return file
