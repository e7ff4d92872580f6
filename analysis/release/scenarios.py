"""What a Release holds of scenarios: their names, what each changes, and their effects where seen."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from analysis.release.scenarios_asked import Asked
from analysis.scenario.packing import PACKED_COLUMNS
from analysis.scenario.record import (
    BREADTH_COLUMNS,
    CHANGES_COLUMNS,
    EFFECTS_COLUMNS,
    MOVES_COLUMNS,
    TORNADO_COLUMNS,
    WINNERS_COLUMNS,
    Scenario,
)
from analysis.supply.links import Links
from survey import Study, Wave

if TYPE_CHECKING:
    from analysis.pressure.record import Pressure
    from analysis.scenario.comparing import Baseline
    from analysis.scenario.telling import Tell

__all__ = [
    "SCENARIO_COLUMNS",
    "SCENARIO_TABLES",
    "own_tables",
    "press_with_scenarios",
    "shown_to",
]

SCENARIO_COLUMNS = (
    "scenario",
    "kind",
    "parts",
    "title_en",
    "title_ja",
    "about_en",
    "about_ja",
    "assumes_en",
    "assumes_ja",
    "source",
)
"""Columns of `scenarios`: kind is ready, own or together; `parts` the ids put together, separated by `|`;
assumptions one a line."""

SCENARIO_TABLES: Mapping[str, tuple[str, ...]] = {
    "scenarios": SCENARIO_COLUMNS,
    "scenario_effects": (*EFFECTS_COLUMNS, "estimate"),
    "scenario_winners": (*WINNERS_COLUMNS, "estimate"),
    "scenario_moves": (*MOVES_COLUMNS, "stat", "n", "estimate"),
    "scenario_changes": (*CHANGES_COLUMNS, "part"),
    "scenario_rules": ("id", "en", "ja"),
    "kept": PACKED_COLUMNS,
    "breadth": (*BREADTH_COLUMNS, "flag", "estimate"),
    "tornado": (*TORNADO_COLUMNS, "estimate"),
}
"""Tables and their columns: `estimate` is the difference, the share of firms burdened less that of firms
relieved, the firms that move, and the value after a step;
`part` is the scenario a change is from; `scenario_rules` names rules that only a scenario has."""

_COMPARED = ("effects", "winners", "moves", "changes", "breadth")
"""Tables that a comparison gives, in the order in which they are put together."""

_PRIVATE = ("listings", "links")
"""Tables of changes that speak of the study's own parties and trade."""


def press_with_scenarios(
    study: Study,
    asked: Sequence[Asked],
    *,
    as_of: date | None = None,
    wave: Wave | None = None,
    links: Links | None = None,
) -> tuple["Pressure", dict[str, pd.DataFrame]]:
    """The pressure of a study, and every scenario held against it: one model and the same draws for all.

    Parameters
    ----------
    study : Study
        With `[supply]` and a wave.
    asked : sequence of Asked
    as_of : date, optional
        Day of rules and links; by default the study's.
    wave, links : Wave, Links, optional
        As `baseline_of`: what is read already.

    Returns
    -------
    pressure : Pressure
        As `press` gives it.
    tables : dict of str to pandas.DataFrame
        `SCENARIO_TABLES`, those without a row left out; `kept` of a study that is not too large for it.

    Raises
    ------
    Fault
        As `press`; a change that does not fit the study's rules, lists or links.
    """
    from analysis.pressure.pressing import lay_out
    from analysis.scenario.comparing import baseline_of
    from analysis.scenario.kept import kept_table
    from analysis.scenario.sensitivity import tornado

    baseline = baseline_of(study, as_of=as_of, wave=wave, links=links)
    pressure = lay_out(
        study, baseline.calibrated, baseline.met.day, baseline.read, baseline.day, with_leaving=True
    )
    kept = kept_table(baseline)
    tables = {} if kept is None else {"kept": kept}
    if asked:
        turned = tornado(baseline)
        tables |= _compared(baseline, asked) | {"tornado": turned.assign(estimate=turned["difference"])}
    return pressure, tables


def own_tables(
    baseline: "Baseline", scenario: Scenario, *, tick: "Tell | None" = None
) -> dict[str, pd.DataFrame]:
    """What one scenario of one's own does, as the tables of a Release: `SCENARIO_TABLES`.

    `tick` is told of each step before it is taken, as by `compare`.

    Raises
    ------
    Fault
        A change that does not fit.
    """
    return _compared(baseline, [Asked(scenario.id, "own", (scenario,))], tick)


def _compared(
    baseline: "Baseline", asked: Sequence[Asked], tick: "Tell | None" = None
) -> dict[str, pd.DataFrame]:
    """Effects, moves, changes and curves of scenarios, one after the other."""
    from analysis.scenario.comparing import compare
    from analysis.scenario.telling import untold

    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in _COMPARED}
    for one in asked:
        found = compare(baseline, one.scenarios, tick=tick or untold)
        for name, held in parts.items():
            if name != "breadth" or one.kind != "together":
                table = getattr(found, name)
                held.append(table.assign(part=table["scenario"], scenario=one.id) if len(table) else table)
    effects, winners, moves, changes, breadth = (
        pd.concat(held, ignore_index=True) if held else pd.DataFrame() for held in parts.values()
    )
    n = moves.groupby("scenario")["firms"].transform("sum") if len(moves) else 0
    tables = {
        "scenarios": pd.DataFrame([_named(one) for one in asked], columns=list(SCENARIO_COLUMNS)),
        "scenario_effects": effects.assign(estimate=effects["difference"].astype(float)),
        "scenario_winners": winners.assign(
            estimate=(winners["burdened"] - winners["relieved"]) / winners["n"].where(winners["n"] > 0)
        ),
        "scenario_moves": moves.assign(stat="firms", n=n, estimate=moves["firms"].astype(float)),
        "scenario_changes": changes.astype("str"),
        "scenario_rules": _rules(asked),
        "breadth": breadth.assign(flag="", estimate=breadth["after"].astype(float))
        if len(breadth)
        else breadth,
    }
    return {
        name: table[list(SCENARIO_TABLES[name])].reset_index(drop=True)
        for name, table in tables.items()
        if len(table)
    }


def shown_to(tables: Mapping[str, pd.DataFrame], *, is_open: bool) -> dict[str, pd.DataFrame]:
    """What an audience sees: the internal one everything, others what ready ones change in the law.

    No effect leaves for others: differences of few firms would tell of each, and no attack on them has
    been run. Scenarios of the study itself, and changes of its lists and links, stay inside too.
    """
    if is_open or "scenarios" not in tables:
        return dict(tables) if is_open else {}
    named = tables["scenarios"]
    ready = named[named["kind"] == "ready"]
    found = {"scenarios": ready}
    if "scenario_changes" in tables:
        changes = tables["scenario_changes"]
        is_law = ~changes["table"].isin(_PRIVATE) & changes["scenario"].isin(ready["scenario"])
        found["scenario_changes"] = changes[is_law]
    if "scenario_rules" in tables:
        rules, held = tables["scenario_rules"], found.get("scenario_changes", pd.DataFrame({"key": []}))
        found["scenario_rules"] = rules[rules["id"].isin(held["key"])]
    return {name: table.reset_index(drop=True) for name, table in found.items() if len(table)}


def _named(one: Asked) -> tuple[str, ...]:
    first = one.scenarios[0]
    is_one = len(one.scenarios) == 1

    def title(lang: str) -> str:
        return " + ".join(part.title.get(lang) or part.title["en"] for part in one.scenarios)

    def assumed(lang: str) -> str:
        lines = [told.get(lang) or told["en"] for part in one.scenarios for told in part.assumptions]
        return "\n".join(dict.fromkeys(lines))

    about = [first.about.get(lang) or first.about.get("en", "") if is_one else "" for lang in ("en", "ja")]
    sources = "; ".join(dict.fromkeys(source for part in one.scenarios for source in part.sources))
    parts = "" if is_one else "|".join(part.id for part in one.scenarios)
    return (one.id, one.kind, parts, title("en"), title("ja"), *about, assumed("en"), assumed("ja"), sources)


def _rules(asked: Sequence[Asked]) -> pd.DataFrame:
    """Names of the rules that scenarios add."""
    rows = {
        change.text("id"): (change.text("id"), title["en"], title.get("ja") or title["en"])
        for one in asked
        for part in one.scenarios
        for change in part.all_changes()
        if change.do == "add" and (title := change.keys["title"])
    }
    return pd.DataFrame(list(rows.values()), columns=["id", "en", "ja"])
