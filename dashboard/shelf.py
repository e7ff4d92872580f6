"""What a page takes from a Release: rows found and set side by side, never numbers made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis import FrozenModel, Release, Tables, hold_release, release_mark, thaw
from dashboard.drawn import DrawnFirms
from dashboard.firm_rows import FirmRows
from dashboard.firm_table import wide_firms
from dashboard.selection import searched_text
from dashboard.straight import straight_record, straight_tables
from dashboard.wording import as_date, say

__all__ = ["Shelf", "open_shelf", "shelf_of"]

_SHORT = 0.5


@dataclass(frozen=True, init=False)
class Shelf:
    """One Release, as the pages read it; frames are never written to.

    Attributes
    ----------
    manifest : Mapping[str, Any]
        `manifest.json` of the Release.
    tables : Tables
        Name to table; a table the Release does not hold is missing. A long one is not to be looked up whole
        where a part will do.
    on_firms : callable or None
        Rows of `scenario_effects` about a scenario, on single firms too, found when asked for; None where
        `tables` holds them.
    """

    manifest: Mapping[str, Any]
    tables: Tables
    on_firms: Callable[[str], pd.DataFrame] | None = None

    def __init__(
        self,
        manifest: Mapping[str, Any],
        tables: Mapping[str, pd.DataFrame],
        on_firms: Callable[[str], pd.DataFrame] | None = None,
    ) -> None:
        given = {"manifest": manifest, "tables": Tables(tables), "on_firms": on_firms}
        for name, value in given.items():
            object.__setattr__(self, name, value)

    @property
    def audience(self) -> str:
        """`internal`, `members` or `public`."""
        return str(self.manifest["audience"])

    @cached_property
    def mark(self) -> str:
        """What its pages and files say they were made from."""
        return release_mark(self.manifest)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages the study speaks."""
        return tuple(self.manifest.get("languages", ()))

    def title(self, lang: str) -> str:
        """Title of the study in a language, else in any."""
        title = self.manifest.get("title") or {}
        return str(title.get(lang) or next(iter(title.values()), self.manifest.get("study", "")))

    @cached_property
    def _words(self) -> dict[tuple[str, str, str], str]:
        wording = self.tables.get("wording")
        if wording is None:
            return {}
        keys = zip(wording["question"], wording["option"].fillna(""), wording["lang"].fillna(""), strict=True)
        return dict(zip(keys, wording["text"], strict=True))

    def label(self, lang: str, question: str, option: str = "") -> str:
        """Wording of a question or option: in the language, else in any, else its code."""
        for spoken in (lang, "", "en", "ja"):
            if text := self._words.get((question, option, spoken)):
                return str(text)
        return option or question

    def options(self, question: str) -> list[str]:
        """Option codes of a question in the order of the wording table; nets are no options."""
        if "wording" not in self.tables:
            return []
        mine = self.part("wording", question)
        return list(dict.fromkeys(mine[mine["kind"] == "option"]["option"]))

    def part(self, name: str, question: str) -> pd.DataFrame:
        """Rows of a table about one question; cut once, missing text as "", never to be written to."""
        if name not in self.tables:
            return pd.DataFrame()
        if name not in self._cut:
            table = self.tables[name]
            words = [column for column in table.columns if pd.api.types.is_string_dtype(table[column])]
            plain = table.astype(dict.fromkeys(words, object))
            plain[words] = plain[words].where(plain[words].notna(), "")
            parts = dict(iter(plain.groupby("question", sort=False)))
            self._cut[name] = {str(key): rows for key, rows in parts.items()} | {"": plain.iloc[:0]}
        parts_of = self._cut[name]
        return parts_of.get(question, parts_of[""])

    @cached_property
    def _cut(self) -> dict[str, dict[str, pd.DataFrame]]:
        return {}

    def shares(self, question: str, *, by: str = "", base_rule: str = "") -> pd.DataFrame:
        """Rows of estimates for a question, for all firms or by one break, under one base rule."""
        if "estimates" not in self.tables:
            return pd.DataFrame(
                columns=["option", "group", "n", "estimate", "low", "high", "level", "method", "flag"]
            )
        mine = self.part("estimates", question)
        mine = mine[mine["by"] == by]
        for rule in [base_rule] if base_rule else ["answered", "", "routed", "returned"]:
            rows = mine[mine["base_rule"] == rule]
            if len(rows):
                return rows
        return mine.iloc[:0]

    def claims(self) -> pd.DataFrame:
        """The numbers the briefing speaks of, in its order; empty where the Release holds none."""
        return self.tables.get("claims", pd.DataFrame(columns=["stat", "question", "option"]))

    def findings(self) -> pd.DataFrame:
        """What the reader should know of these numbers: where, found, meaning, do; empty where nothing."""
        return self.tables.get("findings", pd.DataFrame(columns=["where", "found", "meaning", "do"]))

    def breaks(self, question: str) -> list[str]:
        """Break questions by which a question is in the Release."""
        if "estimates" not in self.tables:
            return []
        return [by for by in dict.fromkeys(self.part("estimates", question)["by"]) if by]

    @cached_property
    def has_firms(self) -> bool:
        """Whether the Release holds rows of firms with pressure figures."""
        return {"firms", "pressure"} <= set(self.tables)

    @cached_property
    def firms(self) -> pd.DataFrame:
        """One row a firm, as `wide_firms`."""
        return wide_firms(self.tables["firms"], self.tables["pressure"])

    @cached_property
    def searched(self) -> "pd.Series[str]":
        """What a search for a firm looks through."""
        return searched_text(self.firms)

    @cached_property
    def top_tier(self) -> tuple[int, int]:
        """Firms in the highest tier, and firms that have a tier."""
        tiers = self.firms["tier"].dropna()
        return int((tiers == tiers.min()).sum()), len(tiers)

    @cached_property
    def reached(self) -> tuple[int, int]:
        """Firms that rules of both sides reach, and firms that have both measures."""
        known = self.firms[self.firms["us"].notna() & self.firms["cn"].notna()]
        return int(((known["us"] > 0) & (known["cn"] > 0)).sum()), len(known)

    @cached_property
    def scale(self) -> float:
        """Upper end of the axes of us, cn and squeeze: the first round number no interval exceeds."""
        highest = max(
            (float(self.firms[f"{stat}_high"].max()) for stat in ("us", "cn", "squeeze")), default=1.0
        )
        return next((end for end in (0.1, 0.2, 0.3, 0.5) if highest <= end), 1.0)

    def party(self, lang: str, party: str) -> str:
        """Name of a firm or supplier in a language, else in English, else its id."""
        return self._parties.get((lang, party)) or self._parties.get(("en", party)) or party

    @cached_property
    def _parties(self) -> dict[tuple[str, str], str]:
        known: dict[tuple[str, str], str] = {}
        for table, key in (("parties", "party"), ("firms", "firm")):
            if table in self.tables:
                rows = self.tables[table]
                for lang, name in (("en", "name"), ("ja", "name_ja")):
                    pairs = zip(rows[key].astype(str), rows[name].fillna("").astype(str), strict=True)
                    known |= {(lang, party): text for party, text in pairs if text}
        return known

    @property
    def digits(self) -> int:
        """Decimals of us, cn and squeeze: a third where the whole scale is short."""
        return 2 if self.scale > _SHORT else 3

    def model(self, stat: str) -> pd.Series | None:
        """One row of the model table, or None."""
        table = self.tables.get("model")
        rows = table[table["stat"] == stat] if table is not None else pd.DataFrame()
        return None if rows.empty else rows.iloc[0]

    def firm(self, firm: str) -> pd.Series | None:
        """The row of one firm, or None."""
        place = self._rows.get(firm) if self.has_firms else None
        return None if place is None else self.firms.iloc[place]

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {str(firm): place for place, firm in enumerate(self.firms["firm"])}

    def rows_of(self, table: str, firm: str) -> pd.DataFrame:
        """Rows of `drivers`, `collisions` or `contacts` that belong to one firm, in their order."""
        return self._firm_rows.of(table, firm)

    @cached_property
    def _firm_rows(self) -> FirmRows:
        return FirmRows(self.tables)

    def effects_of(self, scenario: str) -> pd.DataFrame:
        """Rows of `scenario_effects` about one scenario, on single firms too; none without the table."""
        if "scenario_effects" not in self.tables:
            return pd.DataFrame()
        if self.on_firms is not None:
            return self.on_firms(scenario)
        return self.tables.where("scenario_effects", scenario=scenario)

    @cached_property
    def has_what_if(self) -> bool:
        """Whether the Release keeps what a what-if about one firm is worked out from."""
        return {"firms", "pressure", "flows", "frozen", "contacts", "collisions"} <= set(self.tables)

    @cached_property
    def frozen(self) -> FrozenModel:
        """The model as the Release keeps it; to be asked for where `has_what_if`."""
        return thaw(self.tables["frozen"])

    @cached_property
    def drawn(self) -> DrawnFirms:
        """Firms drawn one by one, for what-ifs; to be asked for where `has_what_if`."""
        return DrawnFirms(self.audience, self.tables, self.rows_of, self.frozen)

    def contacts_of(self, firm: str) -> pd.DataFrame:
        """Rules that touch a firm's flows: side, instrument, outcome, number of flows, most first."""
        rows = self.rows_of("contacts", firm)
        if rows.empty:
            return pd.DataFrame(columns=["side", "instrument", "outcome", "flows"])
        counts = rows.groupby(["side", "instrument", "outcome"], observed=True)["flow"].nunique()
        return counts.reset_index(name="flows").sort_values("flows", ascending=False, kind="stable")

    @cached_property
    def is_transported(self) -> bool:
        """Whether any probability carries the flag `transported`."""
        if "pressure" not in self.tables:
            return False
        return bool(self.tables.column("pressure", "flag").fillna("").str.contains("transported").any())

    def transported(self, lang: str) -> str:
        """The sentence that says from when to when the model was carried."""
        days = {key: as_date(lang, str(self.manifest.get(key) or "")) for key in ("calibrated_at", "as_of")}
        return say(lang, "state.transported_long", **days)

    def chosen(self, compare: Sequence[str], many: int) -> pd.DataFrame:
        """The firms compared, in the order chosen; else the firms with most squeeze."""
        firms = self.firms
        if compare:
            picked = firms[firms["firm"].isin(compare)]
            if len(picked):
                return picked.set_index("firm", drop=False).loc[
                    [f for f in compare if f in set(picked["firm"])]
                ]
        return firms[firms["us"].notna() & firms["cn"].notna()].nlargest(many, "squeeze", keep="first")


def open_shelf(folder: Path) -> Shelf:
    """Read a Release folder once, for all pages.

    Raises
    ------
    survey.FileFault
        The folder is no Release, or a file in it is not the one its manifest names.
    """
    return shelf_of(hold_release(folder))


def shelf_of(release: Release) -> Shelf:
    """A Release as the pages read it: words straight, effects on single firms apart from what pages scan."""
    manifest = straight_record(release.manifest)
    tables = straight_tables(release.in_memory())
    if "scenario_effects" not in tables:
        return Shelf(manifest, tables)
    of_many = np.flatnonzero(tables.column("scenario_effects", "by") != "firm")
    few = tables.rows("scenario_effects", of_many).reset_index(drop=True)

    def on_firms(scenario: str) -> pd.DataFrame:
        return tables.where("scenario_effects", scenario=scenario)

    return Shelf(manifest, tables | {"scenario_effects": few}, on_firms)
