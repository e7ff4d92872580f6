"""`concentration` and `chokepoints`: on how few suppliers firms hang, and what happens when one is gone."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_out, names, study_at
from dashboard.command.outputs import check_out, label_synthetic, put_table
from dashboard.command.saying import say, working

if TYPE_CHECKING:
    import pandas as pd

    from analysis import Links
    from survey import Study

__all__ = ["COMMANDS"]

_WHAT = ("removal", "shock", "cut")
_LINKS = "a study with [supply], or a file of links"


def _concentration_options(parser: argparse.ArgumentParser) -> None:
    """Options of `concentration`."""
    parser.add_argument("links", metavar="LINKS|STUDY", help=_LINKS)
    parser.add_argument(
        "--level",
        metavar="L,..",
        action="append",
        help="rows about: firm_product, firm, product, all (default: each of them)",
    )
    parser.add_argument(
        "--by", metavar="country|supplier", action="append", help="concentrated on what (default: both)"
    )
    parser.add_argument(
        "--home",
        metavar="BLOC|COUNTRY,..",
        help="instead: the EU indicators of these countries, such as EU or JP, against their thresholds",
    )
    parser.add_argument(
        "--exports", choices=("extra", "all"), default="extra", help="with --home: which exports count"
    )
    parser.add_argument(
        "--years", metavar="Y,..", action="append", help="with --home: these years, one after the other"
    )
    parser.add_argument("--thresholds", metavar="F", help="with --home: thresholds of your own, a CSV")
    add_out(parser, "CSV or JSON file to write; without it, CSV on stdout")


def _chokepoints_options(parser: argparse.ArgumentParser) -> None:
    """Options of `chokepoints`."""
    parser.add_argument("links", metavar="LINKS|STUDY", help=_LINKS)
    parser.add_argument(
        "--seeds",
        metavar="FILE|country=CN",
        action="extend",
        nargs="+",
        help="exposure to whom: countries, parties, files (default: the United States and China)",
    )
    parser.add_argument(
        "--what",
        choices=_WHAT,
        default="removal",
        help="removal: exposure lost without a party; shock: output lost when it fails (ESRI); "
        "cut: parties that hold the network together (default: removal)",
    )
    parser.add_argument("--on", metavar="PARTY", help="instead: the firms that hang on this party")
    parser.add_argument("--firms", metavar="F", help="CSV of the firms that count, column firm or party")
    parser.add_argument("--top", metavar="N", default="20", help="how many rows (default: 20)")
    add_out(parser, "CSV or JSON file to write; without it, CSV on stdout")


def _concentration(args: argparse.Namespace) -> int:
    """HHI and substitutability, or the indicators of a home."""
    from analysis import concentration, load_links, months_to_qualify

    out = check_out(args.out, (".csv", ".json"))
    study = study_at(args.links)
    with working("adding up who buys from whom", quiet=args.quiet):
        if args.home is not None:
            links, table = _at_home(args, study)
        else:
            _only_with_home(args)
            links = load_links(study or Path(args.links))
            chosen = {
                name: names(given) for name, given in (("levels", args.level), ("by", args.by)) if given
            }
            months = None if study is None else months_to_qualify(study)
            table = concentration(links, months=months, **chosen)
        put_table(label_synthetic(table, study is not None and study.synthetic), out)
    _say_base(links, quiet=args.quiet)
    return 0


def _only_with_home(args: argparse.Namespace) -> None:
    from survey import Fault

    given = [word for word in ("--years", "--thresholds") if getattr(args, word[2:])]
    if given:
        raise Fault(
            given[0], "an option of --home", f"--home beside {given[0]}", "say --home EU, or leave it out"
        )


def _at_home(args: argparse.Namespace, study: "Study | None") -> "tuple[Links, pd.DataFrame]":
    """The indicators of a home, over one period or several years."""
    from analysis import (
        dependency,
        dependency_thresholds,
        home_countries,
        load_links,
        trade_in_years,
        trade_of,
    )

    source = study or Path(args.links)
    limits = dependency_thresholds(Path(args.thresholds)) if args.thresholds else None
    years = names(args.years)
    home = home_countries(args.home, None if study is None else study.as_of)
    if years:
        trade, links = trade_in_years(source, years)
    else:
        links = load_links(source)
        trade = trade_of(links)
    return links, dependency(trade, home, thresholds=limits, exports=args.exports)


def _chokepoints(args: argparse.Namespace) -> int:
    """Removals, shocks, cut points, or who hangs on one party."""
    from analysis import load_links

    out = check_out(args.out, (".csv", ".json"))
    top = _number(args.top)
    study = study_at(args.links)
    with working("taking suppliers out", quiet=args.quiet):
        links = load_links(study or Path(args.links))
        table = _found(args, links, study, top)
        put_table(label_synthetic(table, study is not None and study.synthetic), out)
    _say_base(links, quiet=args.quiet)
    return 0


def _found(args: argparse.Namespace, links: "Links", study: "Study | None", top: int) -> "pd.DataFrame":
    """The table that was asked for."""
    from analysis import chokepoints, cut_points, shock_settings, shocks, usual_seeds, who_hangs_on

    firms = _firms(args.firms)
    if args.on is not None:
        return who_hangs_on(links, args.on, top=top, firms=firms)
    if args.what == "shock":
        return shocks(links, None if study is None else shock_settings(study), top=top)
    if args.what == "cut":
        return cut_points(links, top=top)
    seeds = tuple(args.seeds) if args.seeds else usual_seeds(links.frame)
    return chokepoints(links, seeds, top=top, firms=firms)


def _firms(file: str | None) -> tuple[str, ...] | None:
    """Firms of a CSV; None where no file is named."""
    if file is None:
        return None
    from analysis import read_firms

    return read_firms(Path(file))


def _number(text: str) -> int:
    """Rows to show.

    Raises
    ------
    Fault
        No whole number of 1 or more.
    """
    if text.isdecimal() and int(text) > 0:
        return int(text)
    from survey import Fault

    raise Fault("--top", repr(text), "a whole number of 1 or more", "write for example --top 20")


def _say_base(links: "Links", *, quiet: bool) -> None:
    """What the numbers rest on, and what is wrong with the links."""
    say(f"shares of inputs: {links.share_method}", quiet=quiet)
    for finding in links.findings:
        say(f"note: {finding}", quiet=quiet)


COMMANDS = {
    "concentration": (
        "say on how few countries and suppliers firms and products hang, and how far from EU thresholds",
        "crosspressure concentration data/demo --level product --by country",
        _concentration_options,
        _concentration,
    ),
    "chokepoints": (
        "find the suppliers whose loss takes most exposure, output or cohesion away, and who hangs on them",
        "crosspressure chokepoints data/demo --seeds country=CN --top 10",
        _chokepoints_options,
        _chokepoints,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
