"""`attack`: try to recover firms from the files of Releases, alone and together."""

import argparse
from pathlib import Path

from dashboard.command.options import add_out
from dashboard.command.outputs import check_out, put_table
from dashboard.command.saying import say, working

__all__ = ["COMMANDS"]

_SHOWN = 10
"""Findings said in words; the table holds all of them."""


def _attack_options(parser: argparse.ArgumentParser) -> None:
    """Options of `attack`."""
    parser.add_argument(
        "releases",
        metavar="RELEASE",
        nargs="+",
        help="folders `crosspressure build` wrote: audiences, editions, waves",
    )
    parser.add_argument(
        "--files",
        metavar="F",
        nargs="+",
        default=[],
        help="decks, workbooks, pages or PDFs made from them, opened and held against what is hidden",
    )
    parser.add_argument("--no-pages", action="store_true", help="do not read what `serve` would answer")
    parser.add_argument(
        "--known",
        metavar="F",
        help="answers of firms that join, one a row, columns as in the survey: taken off everything printed",
    )
    parser.add_argument("--names", metavar="F", help="names and ids of firms to look for, one a line")
    add_out(parser, "a table .csv or .json; without it, CSV on stdout")


def _attack(args: argparse.Namespace) -> int:
    """Attack one or several Releases; 1 where something is recovered or bounded."""
    from analysis import attack_releases, read_release, read_several
    from survey import FileFault

    out = check_out(args.out, (".csv", ".json"))
    names: list[str] = []
    if args.names:
        path = Path(args.names)
        try:
            names = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
        except (OSError, UnicodeDecodeError) as error:
            raise FileFault(
                f"--names {args.names}", str(error), "a text file in UTF-8, a name a line", "mend --names"
            ) from None
    folders = list(dict.fromkeys(Path(release) for release in args.releases))
    files = [Path(file) for file in args.files]
    for file in files:
        if not file.is_file():
            raise FileFault(f"--files {file}", "no such file", "a file made from a Release", "mend --files")
    with working("attacking", quiet=args.quiet):
        pages = {} if args.no_pages else _pages_of(folders)
        joined = read_several(read_release(folders[0]), Path(args.known)) if args.known else []
        attack = attack_releases(
            folders,
            names=[name for name in names if name],
            files=files,
            pages=pages,
            coalitions=[[one.answers for one in joined]] if joined else (),
        )
    put_table(attack.table, out)
    found = attack.counts()
    for row in attack.broken.head(_SHOWN).to_dict(orient="records"):
        place = " ".join(str(row[key]) for key in ("wave", "question", "option", "by", "group") if row[key])
        ends = f"{row['low']:g}" if row["low"] == row["high"] else f"{row['low']:g} to {row['high']:g}"
        what = f"{row['release']}, {row['table']}: {place}: {row['verdict']}, {ends} of {row['firms_high']:g}"
        say(f"- {what} firms; {row['how']}", quiet=args.quiet)
    told = f"{found['recovered']} recovered, {found['bounded']} bounded under the floor"
    guess = f"{found['supposed']} more supposed, which whoever knows the answers can tell from chance"
    rest = f"{found['told']} told without harm, {found['open']} hidden cells stay open"
    say(f"Tried: {', '.join(attack.ways)}. {told}; {guess}; {rest}.", quiet=args.quiet)
    return 1 if len(attack.broken) else 0


def _pages_of(folders: list[Path]) -> dict[str, list[tuple[str, str]]]:
    """What the server of each Release answers; nothing of one for the team that holds the answers."""
    from analysis import read_release
    from dashboard.served import answers_of

    closed = [folder for folder in folders if read_release(folder).audience != "internal"]
    return {str(folder): answers_of(folder) for folder in closed}


COMMANDS = {
    "attack": (
        "try to recover firms from what was released",
        "crosspressure attack data/built/demo/members data/built/demo/public --out attack.csv",
        _attack_options,
        _attack,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
