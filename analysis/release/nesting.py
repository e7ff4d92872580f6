"""What the public does not see members do not see either: both Releases together tell what one tells."""

from collections.abc import Mapping

import pandas as pd

from analysis.release.quality import hidden_table
from analysis.release.tables import SUPPRESSED

__all__ = ["hidden_alike"]

_KEYS = {
    "estimates": ("question", "option", "by", "group", "stat", "base_rule", "wave"),
    "earlier": ("question", "option", "by", "group", "stat", "base_rule", "wave"),
    "claims": ("claim",),
    "exposure": ("seed", "stat", "summary"),
    "published": ("survey", "wave", "edition", "question_id", "option_id", "row"),
}
_WHOLE = {
    "published_changes": ("survey", "question_id", "option_id", "from_wave", "to_wave"),
    "published_contrasts": ("survey", "wave", "edition", "question_id", "option_id", "against"),
}


def hidden_alike(
    members: Mapping[str, pd.DataFrame], public: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Tables for members with each row hidden, or left out, that is so in the tables for the public.

    Members read the public Release too. Cells are chosen for each floor by itself, so what one hides the
    other may show, and both together give a hidden cell away. Where members see nothing of these tables that
    the public does not, both together are the public one alone. To hide more is always safe.
    """
    tables = dict(members)
    for name, keys in {**_KEYS, **_WHOLE}.items():
        if name not in tables or name not in public:
            continue
        key = [column for column in keys if column in tables[name]]
        mine, theirs = tables[name], public[name]
        index = pd.MultiIndex.from_frame(mine[key].astype("str"))
        other = pd.MultiIndex.from_frame(theirs[key].astype("str"))
        kept = index.isin(other)
        if name in _KEYS and "flag" in theirs:
            hidden = (theirs["flag"] == SUPPRESSED).to_numpy()
            rows = index.isin(other[hidden]) & kept
            if rows.any():
                place = pd.Series(range(len(other)), index=other)
                place = place[~place.index.duplicated()]
                taken = theirs.iloc[place.reindex(index[rows]).to_numpy()].reset_index(drop=True)
                mine = pd.concat([mine[~rows], taken.set_axis(mine.index[rows])]).sort_index()
        tables[name] = mine[kept].reset_index(drop=True).astype(members[name].dtypes)
    if "hidden" in tables and "estimates" in tables:
        tables["hidden"] = hidden_table(tables["estimates"], list(tables["questions"]["question"]))
    return tables
