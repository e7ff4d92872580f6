"""The names of a study looked up together: its firms among the parties of its links, both on lists."""

from dataclasses import dataclass

import pandas as pd

from analysis.matching.identifiers import IDENTIFIERS
from analysis.matching.pairing import MATCH_COLUMNS, match_names
from analysis.supply.links import load_links
from survey import QuestionFault, Study, nearest, study_wave

__all__ = ["STUDY_COLUMNS", "match_study"]

STUDY_COLUMNS = ("what", "key", *MATCH_COLUMNS)
"""`what`: firm (looked up among parties), firm on lists, party on lists; `key` the id it has there."""

_PARTIES = "parties"


@dataclass(frozen=True, slots=True)
class _Names:
    frame: pd.DataFrame
    what: str


def match_study(
    study: Study,
    listed: pd.DataFrame | None,
    judgements: pd.DataFrame | None = None,
    *,
    column: str = "",
    match_at: float,
    review_at: float,
) -> pd.DataFrame:
    """Look the firms of the last wave up among the parties of the links, and both on the lists.

    Parameters
    ----------
    study : Study
        With waves, links, or both; what it has not is left out.
    listed : pandas.DataFrame or None
        `listing.LISTED_COLUMNS`.
    judgements : pandas.DataFrame, optional
        As `match_names`; judgements between firms and parties carry the list `parties`.
    column : str
        Column of the wave with the firms' names; default the id. An id that is a party's id is that party.
    match_at, review_at : float
        As `match_names`.

    Returns
    -------
    pandas.DataFrame
        `STUDY_COLUMNS`: each firm once among the parties; on the lists each firm and party a row an entry.

    Raises
    ------
    QuestionFault
        No such column, or nothing to look up in: no links and no list.
    """
    has_links = bool(study.section("supply").get("links"))
    if listed is None and not (has_links and study.waves):
        raise QuestionFault(
            "match", "nothing to look names up in", "a survey and links, or a list", "add --list LIST.csv"
        )
    parts, asked = [], []
    parties = load_links(study).parties if has_links else None
    if study.waves:
        firms = _firms(study, column)
        asked.append(_Names(firms, "firm on lists"))
        if parties is not None:
            found = match_names(firms, _as_list(parties), judgements, match_at=match_at, review_at=review_at)
            parts.append(_with_keys(found, firms, "firm"))
    if parties is not None:
        both = pd.DataFrame({"key": parties["party"], "name": parties["name"], "country": parties["country"]})
        ours = both.assign(name=parties["name_ja"])[(parties["name_ja"] != "").to_numpy()]
        asked.append(_Names(pd.concat([both, ours], ignore_index=True), "party on lists"))
    for names in asked:
        if listed is None:
            break
        found = match_names(
            names.frame, listed, judgements, match_at=match_at, review_at=review_at, every=True
        )
        parts.append(_with_keys(found, names.frame, names.what))
    return pd.concat(parts, ignore_index=True)[list(STUDY_COLUMNS)]


def _firms(study: Study, column: str) -> pd.DataFrame:
    wave = study_wave(study)
    wanted = column or study.design.id
    for name in (wanted, study.design.id):
        if name not in wave.frame.columns:
            known = tuple(str(word) for word in wave.frame.columns)
            raise QuestionFault(
                "--names", f"no column {name!r}", "a column of the wave", nearest(name, known)
            )
    text = wave.frame[wanted].astype("str").where(wave.frame[wanted].notna(), "")
    keys = wave.frame[study.design.id].astype("str")
    return pd.DataFrame({"key": keys, "name": text, "identifier": keys}).reset_index(drop=True)


def _as_list(parties: pd.DataFrame) -> pd.DataFrame:
    """Parties of links as a list; a Japanese name is a row of its own, an id an identifier."""
    rows = pd.DataFrame({"entry": parties["party"], "name": parties["name"], "country": parties["country"]})
    rows["identifier"] = parties["party"]
    ours = rows.assign(name=parties["name_ja"])[(parties["name_ja"] != "").to_numpy()]
    whole = pd.concat([rows, ours], ignore_index=True).astype("str").assign(list=_PARTIES)
    return whole.assign(**{kind: "" for kind in IDENTIFIERS if kind != "identifier"})


def _with_keys(found: pd.DataFrame, names: pd.DataFrame, what: str) -> pd.DataFrame:
    return found.assign(what=what, key=names["key"].to_numpy()[found["row"].to_numpy()])
