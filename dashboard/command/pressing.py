"""`pressure`: each firm between the two sides, with how sure that is."""

import argparse

from dashboard.command.foreseeing import add_scenario, label_scenario, open_scenarios, put_compared
from dashboard.command.noticing import put_notice, tell_notice
from dashboard.command.options import add_as_of, add_out, add_study, day, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import say, working

__all__ = ["COMMANDS"]


def _options(parser: argparse.ArgumentParser) -> None:
    """Options of `pressure`."""
    add_study(parser)
    add_as_of(parser)
    add_scenario(parser)
    parser.add_argument("--all-firms", action="store_true", help="also firms that only appear in links")
    add_out(parser)


def _pressure(args: argparse.Namespace) -> int:
    """Model the pressure and write one row a firm."""
    from analysis import foresee, noted, press

    out = check_out(args.out, (".csv", ".json"))
    as_of = day(args.as_of)
    study = open_study(args.study)
    scenarios = open_scenarios(args.scenario)
    compared = None
    with working("meeting the rules and modelling the pressure", quiet=args.quiet):
        if scenarios:
            compared = foresee(study, scenarios, as_of=as_of, all_firms=args.all_firms)
        pressure = compared.pressure if compared else None
        pressure = pressure or press(study, as_of=as_of, all_firms=args.all_firms)
        table = label_scenario(label_synthetic(pressure.table, study.synthetic), scenarios)
        if out is not None:
            put_notice(out, pressure.ages)
        put_table(noted(table, pressure.ages), out)
    if compared is not None:
        put_compared(compared, scenarios, out, study.synthetic, quiet=args.quiet)
    tell_notice(pressure.ages, quiet=args.quiet)
    for finding in pressure.findings:
        say(f"note: {finding}", quiet=args.quiet)
    return 0


COMMANDS = {
    "pressure": (
        "estimate each firm's pressure to choose, with intervals",
        "crosspressure pressure data/demo --as-of 2026-01-15 --out pressure.csv",
        _options,
        _pressure,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
