"""`settings`: everything that can be set of a server, as it is now, and where each comes from."""

import argparse

from dashboard.command.options import add_out, add_settings
from dashboard.command.outputs import check_out, put_table
from dashboard.command.saying import say
from dashboard.settings import SETTINGS

__all__ = ["COMMANDS"]


def _settings_options(parser: argparse.ArgumentParser) -> None:
    """Options of `settings`: the flags of every setting, to see what they would change."""
    given = SETTINGS["release"]
    parser.add_argument("release", metavar=given.option, nargs="?", help=given.words)
    add_settings(parser, *(name for name, one in SETTINGS.items() if one.option.startswith("--")))
    add_out(parser, "a table .csv or .json; without it, CSV on stdout")


def _settings(args: argparse.Namespace) -> int:
    """Print every setting; 1 where a variable looks like one and is none."""
    import pandas as pd

    from dashboard.settled import read_settings, strange_variables

    out = check_out(args.out, (".csv", ".json"))
    rows = [
        {
            "setting": name,
            "value": held.shown,
            "from": held.origin,
            "variable": held.setting.variable,
            "default": str(held.setting.default),
            "what": held.setting.words,
        }
        for name, held in read_settings(vars(args)).items()
    ]
    put_table(pd.DataFrame(rows), out)
    strange = strange_variables()
    for name, near in strange:
        say(f"- {name} is no setting: {near}", quiet=args.quiet)
    return int(bool(strange))


COMMANDS = {
    "settings": (
        "every setting of a server, and where its value comes from",
        "crosspressure settings --port 8443",
        _settings_options,
        _settings,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
