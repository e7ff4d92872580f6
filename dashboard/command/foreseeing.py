"""`--scenario`: what-ifs that a command is asked for, and what it says and writes of them."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.outputs import label_synthetic, put_table
from dashboard.command.saying import say

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Compared, Scenario

__all__ = ["add_scenario", "label_scenario", "open_scenarios", "put_compared", "say_scenario"]

_SHARES = ("us", "cn", "squeeze", "p_choose")


def add_scenario(parser: argparse.ArgumentParser) -> None:
    """Add `--scenario`, files or names of ready ones."""
    parser.add_argument(
        "--scenario",
        metavar="F",
        action="extend",
        nargs="+",
        default=[],
        help="what-ifs, one or more, in the order in which they are applied: a TOML file, or the name of a "
        "ready one (rare-earth-limb-1, de-minimis-zero ...)",
    )


def open_scenarios(names: Sequence[str]) -> "tuple[Scenario, ...]":
    """The scenarios asked for.

    Raises
    ------
    Fault
        A file or name that does not exist, or a scenario that is at fault.
    """
    if not names:
        return ()
    from analysis import load_scenario

    return tuple(load_scenario(name) for name in names)


def label_scenario(frame: "pd.DataFrame", scenarios: "Sequence[Scenario]") -> "pd.DataFrame":
    """The table with a last column `scenario` that says so on each row, where there is one."""
    name = "+".join(one.id for one in scenarios)
    return frame.assign(scenario=name) if name else frame


def say_scenario(scenarios: "Sequence[Scenario]", changes: "pd.DataFrame", *, quiet: bool) -> None:
    """What is assumed, and how much it changes."""
    for one in scenarios:
        say(f"scenario {one.id}: {one.title['en']}", quiet=quiet)
        for told in one.assumptions:
            say(f"  assumed: {told['en']}", quiet=quiet)
    by = changes["table"].value_counts(sort=False)
    say("changed: " + ", ".join(f"{many} in {table}" for table, many in by.items()), quiet=quiet)


def put_compared(
    compared: "Compared", scenarios: "Sequence[Scenario]", out: Path | None, synthetic: bool, *, quiet: bool
) -> None:
    """Write effects, winners, moves, changes and breadth beside `out`, and say what all firms together do."""
    from analysis import noted

    ages = compared.pressure.ages
    tables = {name: getattr(compared, name) for name in ("effects", "winners", "moves", "changes")}
    if len(compared.breadth):
        tables["breadth"] = compared.breadth
    if out is not None:
        for name, table in tables.items():
            beside = out.with_name(f"{out.stem}.{name}{out.suffix}")
            put_table(noted(label_synthetic(table, synthetic), ages), beside)
    say_scenario(scenarios, compared.changes, quiet=quiet)
    for finding in compared.findings:
        say(f"note: {finding}", quiet=quiet)
    everybody = compared.effects[compared.effects["by"] == ""].set_index("stat")
    level = float(everybody["level"].iloc[0])
    for stat in _SHARES:
        row = everybody.loc[stat]
        if row["difference"] == row["difference"]:
            say(
                f"{stat}: mean of {row['n']} firms {row['before']:.4f} to {row['after']:.4f}, difference "
                f"{row['difference']:+.4f} ({level:.0%} interval {row['low']:+.4f} to {row['high']:+.4f})",
                quiet=quiet,
            )
    felt = compared.winners[compared.winners["by"] == ""].set_index("stat").loc["squeeze"]
    for word in ("burdened", "relieved"):
        ends = f"{level:.0%} interval {felt[f'{word}_low']} to {felt[f'{word}_high']}"
        say(f"squeeze: {felt[word]} of {felt['n']} firms {word} ({ends})", quiet=quiet)
    moves = compared.moves
    other = int(moves.loc[moves["tier_before"] != moves["tier_after"], "firms"].sum())
    say(f"{other} of {int(moves['firms'].sum())} firms change tier", quiet=quiet)
    if out is None:
        say("say --out to have effects, winners, moves and changes too", quiet=quiet)
