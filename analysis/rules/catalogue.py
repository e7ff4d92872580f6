"""The rules of the world as dated data: instruments, when they are in force, their gates, what collides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.rules.layers import PLACE, read_layers
from analysis.rules.validity import check_tables
from survey import data_folder

__all__ = ["GATES", "Catalogue", "load_catalogue"]

GATES: Mapping[str, str] = {
    "in force": "the instrument is in force on the day (not before, not suspended, not ended)",
    "bound": "who is bound: nationality, place, US nexus, contract flow-down",
    "subject": "the item is subject to the rule: origin, content, direct product, product list",
    "licence": "the rule asks something of this item, there, to that party",
    "exception": "an exception or exclusion leaves a lighter outcome",
    "review": "an undecided flow whose look-through content calls for a look",
    "risk": "not an outcome: the risk of being sanctioned or listed oneself",
}
"""Gates in their order; `in force` comes from the dates, the others from gates.csv."""


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Instruments of both sides and of the others; frames are read-only, every cell text.

    A catalogue is equal to itself alone, so that what follows from it can be kept beside it.

    Attributes
    ----------
    instruments : pandas.DataFrame
        `id,jurisdiction,instrument,legal_basis,mechanism,...,source,confidence,note`, and `side`
        (`us`, `cn`, `other`), `computed` (whether gates are encoded) and `ja`, the Japanese name.
    in_force : pandas.DataFrame
        One row an interval: `instrument,branch,state,from,to` (last day included; "" open), `source`,
        `confidence`, `warning` (said in the output whenever the day falls in it).
    gates : pandas.DataFrame
        `instrument,branch,order,gate,field,operator,value,outcome,clause,source,confidence,note`.
    collisions : pandas.DataFrame
        Directed pairs: complying with `duty` is punished by `clause` (`article`), whom it binds, what
        triggers it, `status`, `channel`, `clause_outcome`, dates, source, confidence, `reviewed_by`, `kind`
        (`COLLISION_KINDS`), `binds` (`BINDS`), `meets` (`MEETS`) and, over two flows, `duty_channel`.
    particulars : pandas.DataFrame
        One row an instrument: `id,context_only` (why it has no test; "" where it is computed),
        `compliance,penalty_side,addressee,trigger,exclusions,owner_set,reviewed_by,reviewed_on,...` and the
        same words in Japanese (`compliance_ja` ...).
    aligned : pandas.DataFrame
        `instrument,aligned_with,from,to,source,confidence,note`: whose rules go together, since when.
    technologies : pandas.DataFrame
        `tag,en,ja,tags` (narrower tags), `hs_chapters,hs_codes` (indicative), `eccn,source,...`.
    owner_sets : pandas.DataFrame
        `rule,list,program,threshold,operator,...`: whose parties count as owners in 50 percent rules.
    history : pandas.DataFrame
        What later layers overrode: `table,key,file,by,on,why,rows_before,rows_after,before,after`.
    """

    instruments: pd.DataFrame
    in_force: pd.DataFrame
    gates: pd.DataFrame
    collisions: pd.DataFrame
    particulars: pd.DataFrame = field(default_factory=pd.DataFrame)
    aligned: pd.DataFrame = field(default_factory=pd.DataFrame)
    technologies: pd.DataFrame = field(default_factory=pd.DataFrame)
    owner_sets: pd.DataFrame = field(default_factory=pd.DataFrame)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __len__(self) -> int:
        return len(self.instruments)

    def side_of(self) -> dict[str, str]:
        """Instrument id to its side."""
        return dict(zip(self.instruments["id"], self.instruments["side"], strict=True))

    def not_computed(self) -> tuple[str, ...]:
        """Instruments without gates that punish no other's duty either: carried with their sources."""
        used = self.instruments["computed"] | self.instruments["id"].isin(self.collisions["clause"])
        return tuple(self.instruments.loc[~used, "id"])

    def context_only(self) -> dict[str, str]:
        """Why instruments carry no test: id to the reason, "" where nobody gave one."""
        given = self.particulars
        reasons = dict(zip(given["id"], given["context_only"], strict=True)) if "id" in given else {}
        return {name: str(reasons.get(name, "")) for name in self.not_computed()}

    def on(self, day: date) -> pd.DataFrame:
        """State of each instrument and branch on a day.

        Returns
        -------
        pandas.DataFrame
            `instrument,branch,state,from,to,source,confidence,warning`; `state` is `in_force`,
            `suspended`, or `not_started` (also before the first interval), `ended` after the last.
        """
        return _state_on(self, day)


@lru_cache(maxsize=32)
def _state_on(catalogue: Catalogue, day: date) -> pd.DataFrame:
    rows = catalogue.in_force
    text = day.isoformat()
    inside = ((rows["from"] == "") | (rows["from"] <= text)) & ((rows["to"] == "") | (rows["to"] >= text))
    now = rows[inside]
    key = ["instrument", "branch"]
    in_order = rows.sort_values("from", kind="stable")
    begun = in_order[in_order["from"] <= text].drop_duplicates(key, keep="last")
    others = pd.concat([begun, in_order]).drop_duplicates(key)
    missing = others[~pd.MultiIndex.from_frame(others[key]).isin(pd.MultiIndex.from_frame(now[key]))]
    missing = missing.assign(state=np.where(missing["from"] > text, "not_started", "ended"), warning="")
    return pd.concat([now, missing]).sort_index().reset_index(drop=True)


def load_catalogue(layers: Path | str | Sequence[Path | str] | None = None) -> Catalogue:
    """Read a catalogue: the one that travels with the product, a folder laid out like it, or layers.

    Parameters
    ----------
    layers : path or str, or a sequence of them, optional
        None or "builtin" is the product's own `data/regulation`; another folder replaces it. Of several the
        first is whole and each further one, a folder or a file, overrides by id (see `read_layers`).

    Raises
    ------
    FileFault
        A file or column that is missing, or rows that cannot be true (see `check_tables`).
    """
    named = [layers] if layers is None or isinstance(layers, str | Path) else list(layers)
    own = data_folder() / "regulation"
    read = [own if layer in (None, "builtin") else Path(str(layer)) for layer in named or [None]]
    return _shipped(own) if read == [own] else _read(read)


@lru_cache(maxsize=1)
def _shipped(own: Path) -> Catalogue:
    """The product's own, read once: nobody writes there while it runs."""
    return _read([own])


def _read(layers: Sequence[Path]) -> Catalogue:
    tables, history = read_layers(layers)
    pairs = tables["collisions"]
    for column, plain_word in (
        ("kind", "cut off"),
        ("binds", "anyone"),
        ("meets", "flow"),
        ("duty_channel", ""),
    ):
        given = pairs[column] if column in pairs.columns else pd.Series("", index=pairs.index, dtype="str")
        pairs[column] = given.replace("", plain_word)
    check_tables(tables)
    plain = {name: table.drop(columns=list(PLACE)) for name, table in tables.items()}
    instruments, gates = plain["instruments"], plain["gates"]
    return Catalogue(
        instruments=instruments.assign(
            side=instruments["jurisdiction"].map({"US": "us", "CN": "cn"}).fillna("other").astype("str"),
            computed=instruments["id"].isin(gates["instrument"]),
            ja=instruments["id"].map(plain["names_ja"].set_index("id")["ja"]).fillna("").astype("str"),
        ),
        in_force=plain["in_force"],
        gates=gates.assign(order=gates["order"].astype(int)),
        collisions=plain["collisions"],
        particulars=_with_japanese(plain["particulars"], plain["particulars_ja"]),
        aligned=plain["aligned"],
        technologies=plain["technologies"],
        owner_sets=plain["owner_sets"],
        history=history,
    )


def _with_japanese(rows: pd.DataFrame, japanese: pd.DataFrame) -> pd.DataFrame:
    words = japanese.set_index("id").reindex(rows["id"]).fillna("").reset_index(drop=True)
    return pd.concat([rows.reset_index(drop=True), words.add_suffix("_ja")], axis=1)
