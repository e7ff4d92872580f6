"""What `pressure` writes beside its table: figures by channel, what firms say against what flows say."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import say

if TYPE_CHECKING:
    from analysis import Pressure

__all__ = ["add_parts", "check_parts", "put_parts", "tell_agreement"]

_PARTS = ("channels", "agreement")


def add_parts(parser: argparse.ArgumentParser) -> None:
    """Options of the tables beside."""
    parser.add_argument(
        "--channels",
        metavar="F",
        help="also write us, cn and squeeze by channel, with intervals and denominators (.csv, .json)",
    )
    parser.add_argument(
        "--agreement",
        metavar="F",
        help="also write how far what firms say of rules agrees with their flows, and F.firms firm by firm "
        "(.csv, .json)",
    )


def check_parts(args: argparse.Namespace) -> dict[str, Path]:
    """Files asked for, by part; a Fault where one cannot be written."""
    found = {name: check_out(getattr(args, name), (".csv", ".json"), f"--{name}") for name in _PARTS}
    return {name: path for name, path in found.items() if path is not None}


def put_parts(pressure: "Pressure", files: dict[str, Path], is_synthetic: bool, *, quiet: bool) -> None:
    """Write the parts asked for; an agreement nobody declared is said and not written."""
    from analysis import noted

    for name, path in files.items():
        if name == "agreement" and pressure.agreement.empty:
            say("no agreement: [pressure.selfreport] names no question, so nothing is written", quiet=quiet)
            continue
        tables = {path: getattr(pressure, name)}
        if name == "agreement":
            tables[path.with_name(f"{path.stem}.firms{path.suffix}")] = pressure.agreement_firms
        for place, table in tables.items():
            put_table(noted(label_synthetic(table, is_synthetic), pressure.ages), place)


def tell_agreement(pressure: "Pressure", *, quiet: bool) -> None:
    """Say of each question how many firms say what their flows say."""
    table = pressure.agreement
    rows = table[table["stat"] == "agree"] if len(table) else table
    for _, row in rows.iterrows():
        if row["n"]:
            say(
                f"self-report: of {int(row['n'])} firms {100 * row['estimate']:.0f}% "
                f"({100 * row['low']:.0f} to {100 * row['high']:.0f}) say of {row['question']} "
                f"({row['option']}) what their {row['says']} of {row['as_of']} says",
                quiet=quiet,
            )
