"""`contact`: which rules touch which flow, and which of them collide, each output with its notice."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.flowing import add_engine, contact_of_flows, is_flows, refuse_engine
from dashboard.command.foreseeing import add_scenario, label_scenario, open_scenarios, say_scenario
from dashboard.command.noticing import notice_lines, put_notice, tell_notice
from dashboard.command.options import add_as_of, add_out, add_study, day, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table, replace_file
from dashboard.command.saying import say, working

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMMANDS"]


def _options(parser: argparse.ArgumentParser) -> None:
    """Options of `contact`."""
    add_study(parser, name="STUDY|FLOWS")
    add_as_of(parser)
    add_scenario(parser)
    parser.add_argument("--all", action="store_true", help="also flows that no rule touches")
    add_engine(parser)
    add_out(
        parser,
        "file to write: .csv (collisions, sums and notice beside it), .json, .xlsx or .html; of flows in a "
        "file .csv, .parquet or .json; without it, CSV on stdout",
    )


def _contact(args: argparse.Namespace) -> int:
    """Hold each flow against each rule in force, and each pair of rules against each other."""
    from analysis import foresee_contact, noted, stakes_of, touch_firms

    if is_flows(args.study):
        return contact_of_flows(args)
    refuse_engine(args)
    out = check_out(args.out, (".csv", ".json", ".xlsx", ".html"))
    as_of = day(args.as_of)
    study = open_study(args.study)
    scenarios = open_scenarios(args.scenario)
    changes = None
    with working("holding flows against rules", quiet=args.quiet):
        if scenarios:
            touched, changes = foresee_contact(study, scenarios, as_of=as_of, every=args.all)
        else:
            touched = touch_firms(study, as_of=as_of, every=args.all)
        tables = {
            "contacts": touched.contacts,
            "collisions": touched.collisions,
            "stakes": stakes_of(touched.collisions),
        }
        tables = {
            name: noted(label_scenario(label_synthetic(table, study.synthetic), scenarios), touched.ages)
            for name, table in tables.items()
        }
        if changes is not None:
            tables["changes"] = noted(label_synthetic(changes, study.synthetic), touched.ages)
        _put(tables, out, touched.ages, study.title.get("en") or study.id)
    tell_notice(touched.ages, quiet=args.quiet)
    if changes is not None:
        say_scenario(scenarios, changes, quiet=args.quiet)
    for finding in touched.findings:
        say(f"note: {finding}", quiet=args.quiet)
    say(_summary(touched.collisions, out), quiet=args.quiet)
    return 0


def _put(
    tables: "dict[str, pd.DataFrame]", out: Path | None, ages: "pd.DataFrame | None", title: str
) -> None:
    """Write the tables by the ending of `out`."""
    if out is None:
        put_table(tables["contacts"], None)
    elif out.suffix.lower() == ".csv":
        for name in [name for name in tables if name != "contacts"]:
            put_table(tables[name], out.with_name(f"{out.stem}.{name}.csv"))
        put_notice(out, ages)
        put_table(tables["contacts"], out)
    else:
        from dashboard.command.noted_files import book_of, json_of, page_of

        make = {".json": json_of, ".xlsx": book_of, ".html": page_of}[out.suffix.lower()]
        replace_file(out, lambda path: make(path, tables, notice_lines(ages), title))


def _summary(met: "pd.DataFrame", out: Path | None) -> str:
    """How many flows collide, and where to read it."""
    counted = met[met["counted"].astype(bool)]
    if counted.empty:
        return "no flow meets rules that collide"
    by = counted["status"].value_counts()
    said = ", ".join(f"{by[word]} {word}" for word in ("exercised", "duty", "dormant") if word in by)
    deadly = met.loc[met["lethal"].astype(bool), ["firm", "flow", "channel"]].drop_duplicates()
    where = "" if out is not None else "; say --out to have them"
    return (
        f"collisions: {len(counted)} flows of {counted['firm'].nunique()} firms, each at its worst pair "
        f"({said}); {len(deadly)} lethal{where}"
    )


COMMANDS = {
    "contact": (
        "say which rules touch which flow, and which of them collide",
        "crosspressure contact data/demo --as-of 2026-01-15 --out contact.csv",
        _options,
        _contact,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
