"""Which commands and options there are, and what is said when one does not exist."""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from dashboard.command import (
    admitting,
    attacking,
    auditing,
    benchmarking,
    briefing,
    cleaning,
    comparing,
    contacting,
    demonstrating,
    estimating,
    exporting,
    matching,
    narrowing,
    pressing,
    protecting,
    quoting,
    recording,
    releasing,
    settling,
    studying,
    supplying,
    synthesizing,
    tabulating,
)
from dashboard.command.saying import say_four

__all__ = ["parse_words"]

_FAMILIES = (
    admitting,
    *(demonstrating, studying, cleaning, exporting, releasing),
    *(estimating, tabulating, comparing, auditing, synthesizing, quoting),
    *(
        matching,
        supplying,
        contacting,
        narrowing,
        protecting,
        pressing,
        benchmarking,
        briefing,
        attacking,
        recording,
        settling,
    ),
)
_ORDER = (
    *("demo", "init", "check", "clean", "replay", "export", "build"),
    *("estimate", "tables", "change", "audit", "synthesize", "quote"),
    *("screen", "match", "lookthrough", "contact", "pressure"),
    *("concentration", "chokepoints", "technologies"),
    *("benchmark", "attack", "ledger", "brief", "account", "settings", "serve"),
)


class _Parser(argparse.ArgumentParser):
    """An argument parser that says where, found, expected, do this, and the nearest word."""

    def error(self, message: str) -> NoReturn:
        """Print four parts on stderr and stop with exit code 2."""
        from difflib import get_close_matches

        known = [text for action in self._actions for text in action.option_strings]
        do = f"see {self.prog} --help"
        unknown = re.search(r"unrecognized arguments: (.*)", message)
        if unknown:
            word = unknown.group(1).split()[0].split("=")[0]
            near = get_close_matches(word, known, n=2, cutoff=0.5)
            do = f"did you mean {', '.join(near)}? {do}" if near else do
        usage = " ".join(self.format_usage().split()).removeprefix("usage: ")
        say_four(self.prog, message, usage, do)
        raise SystemExit(2)


class _Version(argparse.Action):
    """Print the version; it is looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest=argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *rest: Any) -> NoReturn:
        """Print and stop with exit code 0."""
        from analysis import product_version

        sys.stdout.write(f"crosspressure {product_version()}\n")
        raise SystemExit(0)


def parse_words(words: Sequence[str]) -> argparse.Namespace:
    """Turn the words of a command line into a namespace with `run`, the function to call.

    Raises
    ------
    SystemExit
        Code 0 after help or version, code 2 where a command or option does not exist or does not fit.
    """
    parser = _Parser(
        prog="crosspressure",
        description="Which firms are under pressure to choose between the United States and China, "
        "how sure we can be of that, and why.",
        epilog="example: crosspressure demo",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, help="print the version and stop")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    known = _add_commands(commands)
    early = [word for word in words[:1] if word in ("--debug", "--quiet")]
    words = [*words[len(early) :], *early]
    first = next((word for word in words if not word.startswith("-")), None)
    if first is None and not {"-h", "--help", "--version"} & set(words):
        parser.print_help(sys.stderr)
        raise SystemExit(2)
    if first is not None and first not in known:
        _no_such_command(first, known)
    args, rest = parser.parse_known_args(list(words))
    if rest:
        known[args.command].error("unrecognized arguments: " + " ".join(rest))
    return args


def _add_commands(commands: Any) -> dict[str, argparse.ArgumentParser]:
    """Let each family add its commands, in the order of the contract, with the options all have."""
    parsers: dict[str, argparse.ArgumentParser] = {}
    makers = {name: maker for family in _FAMILIES for name, maker in family.COMMANDS.items()}
    for name in _ORDER:
        summary, example, add_options, run = makers[name]
        parser = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=f"example: {example}",
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add_options(parser)
        parser.add_argument("--debug", action="store_true", help="show where in the program it stopped")
        parser.add_argument("--quiet", action="store_true", help="say nothing but faults")
        parser.set_defaults(run=run)
        parsers[name] = parser
    return parsers


def _no_such_command(word: str, known: dict[str, argparse.ArgumentParser]) -> NoReturn:
    """Say that there is no such command, and which ones come nearest."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=2, cutoff=0.5)
    do = f"did you mean {' or '.join(near)}?" if near else "see crosspressure --help"
    say_four("crosspressure", f"{word!r}, which is no command", f"one of {', '.join(known)}", do)
    raise SystemExit(2)
