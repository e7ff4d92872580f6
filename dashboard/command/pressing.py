"""`pressure`: each firm between the two sides, with how sure that is."""

import argparse

from dashboard.command.foreseeing import add_scenario, label_scenario, open_scenarios, put_compared
from dashboard.command.noticing import put_notice, tell_notice
from dashboard.command.options import add_as_of, add_out, add_study, day, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.reporting import add_parts, check_parts, put_parts, tell_agreement
from dashboard.command.saying import say, working
from dashboard.command.validating import add_model, put_index, put_model, tell_model

__all__ = ["COMMANDS"]


def _options(parser: argparse.ArgumentParser) -> None:
    """Options of `pressure`."""
    add_study(parser)
    add_as_of(parser)
    add_scenario(parser)
    parser.add_argument("--all-firms", action="store_true", help="also firms that only appear in links")
    add_out(parser)
    parser.add_argument(
        "--doubts",
        metavar="F",
        help="also write how much of the doubt each source makes, and what to ask next (.csv, .json)",
    )
    add_model(parser)
    add_parts(parser)
    parser.add_argument(
        "--leaving",
        metavar="F",
        help="also write what would take each firm of the top tier out of it (.csv, .json)",
    )
    parser.add_argument(
        "--tornado",
        metavar="F",
        help="also write what hangs on each open parameter, one at a time (.csv, .json)",
    )


def _pressure(args: argparse.Namespace) -> int:
    """Model the pressure and write one row a firm."""
    from analysis import baseline_of, foresee, noted, press, tornado

    out, leaving_to, tornado_to = (
        check_out(given, (".csv", ".json"), option)
        for given, option in ((args.out, "--out"), (args.leaving, "--leaving"), (args.tornado, "--tornado"))
    )
    parts_to = check_parts(args)
    model_to = check_out(args.model, (".csv", ".json"), "--model")
    doubts_to = check_out(args.doubts, (".csv", ".json"), "--doubts")
    as_of = day(args.as_of)
    study = open_study(args.study)
    scenarios = open_scenarios(args.scenario)
    compared = None
    with working("meeting the rules and modelling the pressure", quiet=args.quiet):
        if scenarios:
            compared = foresee(
                study, scenarios, as_of=as_of, all_firms=args.all_firms, with_leaving=leaving_to is not None
            )
        pressure = compared.pressure if compared else None
        pressure = pressure or press(
            study, as_of=as_of, all_firms=args.all_firms, with_leaving=leaving_to is not None
        )
        table = label_scenario(label_synthetic(pressure.table, study.synthetic), scenarios)
        if out is not None:
            put_notice(out, pressure.ages)
        put_table(noted(table, pressure.ages), out)
        if doubts_to is not None:
            rows = label_scenario(label_synthetic(pressure.doubts, study.synthetic), scenarios)
            put_table(noted(rows, pressure.ages), doubts_to)
        put_model(pressure, model_to, study.synthetic)
        put_index(pressure, out, study.synthetic, quiet=args.quiet)
        put_parts(pressure, parts_to, study.synthetic, quiet=args.quiet)
        beside = {leaving_to: label_scenario(pressure.leaving, scenarios)} if leaving_to else {}
        if tornado_to is not None:
            beside[tornado_to] = tornado(baseline_of(study, as_of=as_of, all_firms=args.all_firms))
        for path, rows in beside.items():
            put_table(noted(label_synthetic(rows, study.synthetic), pressure.ages), path)
    if tornado_to is not None and scenarios:
        say("--tornado is about the world as it is, without the scenario", quiet=args.quiet)
    if compared is not None:
        put_compared(compared, scenarios, out, study.synthetic, quiet=args.quiet)
    tell_notice(pressure.ages, quiet=args.quiet)
    tell_agreement(pressure, quiet=args.quiet)
    tell_model(pressure, quiet=args.quiet)
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
