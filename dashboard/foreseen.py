"""What a View asks of the scenarios, as a Release holds them: which one, which measure, and the rows."""

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from dashboard.selection import View
from dashboard.shelf import Shelf
from dashboard.supply_words import country_name
from dashboard.theme import DIVISIONS
from dashboard.wording import is_number, say

__all__ = ["MEASURED", "Foreseen", "foreseen_for", "top_of"]

MEASURED = {"squeeze": "both", "us": "us", "cn": "cn", "p_choose": "both"}
"""Measures that scenarios are looked at by, and the side each belongs to."""

_EFFECTS = ["scenario", "by", "group", "stat", "n", "before", "after", "estimate", "low", "high", "level"]


def top_of(rows: pd.DataFrame) -> float:
    """Upper end of the axis: the first round number that no point and no limit of `rows` exceeds."""
    ends = pd.concat([rows["before"], rows["after"], rows["before"] + rows["high"]]).astype(float).dropna()
    top = float(ends.max()) if len(ends) else 1.0
    return next((end for end in DIVISIONS if top <= end * 0.98), 1.0)


@dataclass(frozen=True)
class Foreseen:
    """Scenarios of a Release, one of them looked at.

    Attributes
    ----------
    shelf : Shelf
        The Release.
    scenario : str
        Id of the scenario looked at; one the Release holds.
    stat : str
        Measure looked at, of `MEASURED`; one the Release holds where it holds any.
    by : str
        Question that groups the firms, of `breaks`; "" where the Release holds effects on no group.
    """

    shelf: Shelf
    scenario: str
    stat: str
    by: str = ""

    @cached_property
    def _named(self) -> pd.DataFrame:
        return self.shelf.tables["scenarios"].set_index("scenario", drop=False)

    @cached_property
    def scenarios(self) -> list[str]:
        """Ids, in the order of the Release."""
        return [str(one) for one in self._named["scenario"]]

    def words(self, lang: str, what: str, scenario: str = "") -> str:
        """`title` or `about` of a scenario in a language, else in English, else its id or nothing."""
        row = self._named.loc[scenario or self.scenario]
        found = next((str(row[key]) for key in (f"{what}_{lang}", f"{what}_en") if row.get(key)), "")
        return found or (str(row["scenario"]) if what == "title" else "")

    @cached_property
    def curve(self) -> pd.DataFrame:
        """Steps of the scenario looked at, else of the first that has any; of the measure looked at."""
        table = self.shelf.tables.get("breadth")
        if table is None or table.empty:
            return pd.DataFrame()
        known = [str(one) for one in dict.fromkeys(table["scenario"])]
        scenario = self.scenario if self.scenario in known else known[0]
        mine = table[(table["scenario"] == scenario) & (table["stat"] == self.stat)]
        return mine.sort_values("step", kind="stable")

    def told(self, what: str, scenario: str = "") -> str:
        """Another cell of a scenario (`kind`, `parts`, `source`); "" where there is none."""
        row = self._named.loc[scenario or self.scenario]
        return str(row[what] or "") if what in row else ""

    @cached_property
    def _effects(self) -> pd.DataFrame:
        table = self.shelf.tables.get("scenario_effects")
        return pd.DataFrame(columns=_EFFECTS) if table is None else table

    @cached_property
    def stats(self) -> list[str]:
        """Measures the Release holds numbers of, in the order of `MEASURED`."""
        held = set(self._effects["stat"])
        return [stat for stat in MEASURED if stat in held]

    def rows(self, by: str = "") -> pd.DataFrame:
        """Effects on the measure looked at: of the scenario on groups, on firms, or with "" on all."""
        table = self._effects
        if by == "firm" and len(table):
            table = self.shelf.effects_of(self.scenario)
        return table[
            (table["scenario"] == self.scenario) & (table["stat"] == self.stat) & (table["by"] == by)
        ]

    def sums(self) -> pd.DataFrame:
        """Effects of the scenario on all firms together, of every stat."""
        table = self._effects
        return table[(table["scenario"] == self.scenario) & (table["by"] == "")]

    @cached_property
    def beside(self) -> pd.DataFrame:
        """Effects of every scenario on all firms together, largest rise first."""
        table = self._effects
        mine = table[(table["stat"] == self.stat) & (table["by"] == "")]
        return mine.sort_values("estimate", ascending=False, kind="stable")

    @cached_property
    def row(self) -> "pd.Series | None":
        """The effect on all firms together, None where there is no number."""
        rows = self.rows()
        return None if rows.empty or not is_number(rows.iloc[0]["estimate"]) else rows.iloc[0]

    @cached_property
    def breaks(self) -> list[str]:
        """Groups by which effects are held: questions, not firms."""
        return [str(by) for by in dict.fromkeys(self._effects["by"]) if by not in ("", "firm")]

    def rule(self, lang: str, instrument: str) -> str:
        """Name of a rule in a language, a scenario's own too (`RULE+JP` is Japan's); else its id."""
        named = self.shelf.label(lang, "instrument", instrument)
        if named not in (instrument, "instrument"):
            return named
        known = self._rules.get((lang, instrument)) or self._rules.get(("en", instrument))
        rule, plus, country = instrument.partition("+")
        if known or not plus:
            return known or instrument
        own = country_name(lang, country, is_said=True)
        return say(lang, "scenarios.joined_rule", rule=self.rule(lang, rule), country=own)

    @cached_property
    def _rules(self) -> dict[tuple[str, str], str]:
        known: dict[tuple[str, str], str] = {}
        for table, columns in (("instruments", ("instrument", "ja")), ("scenario_rules", ("en", "ja"))):
            if table in self.shelf.tables:
                rows = self.shelf.tables[table]
                for lang, name in zip(("en", "ja"), columns, strict=True):
                    pairs = zip(rows["id"].astype(str), rows[name].fillna("").astype(str), strict=True)
                    known |= {(lang, rule): text for rule, text in pairs if text}
        return known

    def technology(self, lang: str, tag: str) -> str:
        """Name of a technology in a language, else its tag."""
        return self._technologies.get((lang, tag)) or tag

    @cached_property
    def _technologies(self) -> dict[tuple[str, str], str]:
        table = self.shelf.tables.get("technologies")
        if table is None:
            return {}
        return {
            (lang, str(row["tag"])): str(row[lang]) for _, row in table.iterrows() for lang in ("en", "ja")
        }

    def party(self, lang: str, party: str) -> str:
        """Name of a firm or supplier in a language, else in any, else its id."""
        return self.shelf.party(lang, party)

    def part(self, name: str) -> pd.DataFrame:
        """Rows of a table about the scenario; empty where the Release has none."""
        if name == "scenario_effects":
            return self.shelf.effects_of(self.scenario)
        table = self.shelf.tables.get(name)
        if table is None:
            return pd.DataFrame()
        return table[table["scenario"] == self.scenario]


def foreseen_for(shelf: Shelf, view: View) -> Foreseen | None:
    """What a View asks for, words the Release does not hold passed over; None without scenarios."""
    table = shelf.tables.get("scenarios")
    if table is None or table.empty:
        return None
    first = Foreseen(shelf, str(table["scenario"].iloc[0]), "squeeze")
    stat = view.stat if view.stat in first.stats else next(iter(first.stats), "squeeze")
    by = view.by if view.by in first.breaks else next(iter(first.breaks), "")
    found = Foreseen(shelf, first.scenario, stat, by)
    if view.scenario in found.scenarios:
        return replace(found, scenario=view.scenario)
    largest = found.beside.dropna(subset=["estimate"])
    if len(largest):
        return replace(found, scenario=str(largest["scenario"].iloc[0]))
    return found
