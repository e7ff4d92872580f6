"""`quote`: one figure with its base, interval, caveats and source, as a sentence or as a picture."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_lang, add_out, open_study
from dashboard.command.outputs import check_out, replace_file
from dashboard.command.saying import working

if TYPE_CHECKING:
    from analysis import Quote

__all__ = ["COMMANDS"]

_ENDINGS = (".png", ".svg", ".html", ".txt")
_PRINTED = (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet")


def _quote_options(parser: argparse.ArgumentParser) -> None:
    """Options of `quote`."""
    parser.add_argument(
        "source", metavar="STUDY|RELEASE|PUBLISHED", help="a study, a Release, or a table of printed figures"
    )
    parser.add_argument("--of", metavar="Q.OPTION", required=True, help="the figure, as had_to_choose.1")
    parser.add_argument("--wave", metavar="W", default="", help="of this wave (a study: default the last)")
    parser.add_argument("--edition", metavar="E", default="", help="printed figures: edition, - for none")
    parser.add_argument("--survey", metavar="S", default="", help="printed figures: survey")
    parser.add_argument(
        "--base",
        choices=("answered", "routed", "returned"),
        default="",
        help="study or Release: base rule (default: answered)",
    )
    parser.add_argument("--ground", choices=("light", "dark"), default="light", help="ground of the picture")
    add_lang(parser)
    add_out(parser, "a picture .png or .svg, a page .html, or .txt; without it, sentences on stdout")


def _quote(args: argparse.Namespace) -> int:
    """Quote one figure."""
    import sys

    from dashboard.quote_words import quote_text

    out = check_out(args.out, _ENDINGS)
    with working("looking the figure up", quiet=args.quiet):
        text = quote_text(_found(args), args.lang)
    if out is None:
        sys.stdout.write("\n".join(text.lines()) + "\n")
        return 0
    if out.suffix.lower() == ".txt":
        replace_file(out, lambda path: path.write_text("\n".join(text.lines()) + "\n", encoding="utf-8"))
        return 0
    from dashboard.quote_card import CARD_WIDTH, card_height, card_page, draw_card

    if out.suffix.lower() == ".png":
        from dashboard.command.printing import picture_page

        with working("drawing", quiet=args.quiet):
            page = f"<!doctype html><style>*{{margin:0}}</style>{draw_card(text, ground=args.ground)}"
            tall = card_height(text)
            replace_file(out, lambda path: picture_page(page, path, wide=CARD_WIDTH, tall=tall))
        return 0
    make = draw_card if out.suffix.lower() == ".svg" else card_page
    card = make(text, ground=args.ground)
    replace_file(out, lambda path: path.write_text(card, encoding="utf-8", newline=""))
    return 0


def _found(args: argparse.Namespace) -> "Quote":
    """The figure asked for, from whichever of the three it stands in.

    Raises
    ------
    Fault
        No such figure, one that may not be shown, or an option that does not fit the source.
    """
    from analysis import quote_file, quote_release, quote_study, read_release

    source = Path(args.source)
    if source.suffix.lower() in _PRINTED and not source.is_dir():
        _refuse(args, "a table of printed figures", ("base",))
        return quote_file(source, args.of, wave=args.wave, edition=args.edition, survey=args.survey)
    if source.is_dir() and not (source / "study.toml").is_file() and _holds_release(source):
        _refuse(args, "a Release", ("wave", "edition", "survey"))
        return quote_release(read_release(source), args.of, base_rule=args.base)
    _refuse(args, "a study", ("edition", "survey"))
    return quote_study(open_study(args.source), args.of, wave=args.wave, base_rule=args.base or "answered")


def _holds_release(folder: Path) -> bool:
    """Whether a folder is a Release, or holds those of several audiences."""
    return (folder / "manifest.json").is_file() or any(folder.glob("*/manifest.json"))


def _refuse(args: argparse.Namespace, source: str, names: tuple[str, ...]) -> None:
    """Refuse options that have no meaning for a source."""
    from survey import QuestionFault

    for name in names:
        if getattr(args, name):
            raise QuestionFault(
                f"--{name} {getattr(args, name)}",
                f"{source}, {args.source}",
                f"no --{name}, which has no meaning there",
                f"leave --{name} out",
            )


COMMANDS = {
    "quote": (
        "quote one figure with its base, interval, caveats and source, as sentence or picture",
        "crosspressure quote data/demo --of had_to_choose.1 --lang ja --out card.png",
        _quote_options,
        _quote,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
