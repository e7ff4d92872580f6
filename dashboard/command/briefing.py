"""`brief`: the story of a Release to take away, as a deck, a workbook, a PDF, a page or pictures."""

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import names
from dashboard.command.saying import say, working

if TYPE_CHECKING:
    from dashboard.shelf import Shelf

__all__ = ["COMMANDS"]

_FORMS = ("pptx", "xlsx", "pdf", "html", "zip")


def _brief_options(parser: argparse.ArgumentParser) -> None:
    """Options of `brief`."""
    parser.add_argument("release", metavar="RELEASE", help="a folder `crosspressure build` wrote")
    parser.add_argument(
        "--format",
        metavar="F,..",
        action="append",
        help="pptx, xlsx, pdf, html, zip of pictures (default: all, or as --out ends)",
    )
    parser.add_argument("--lang", metavar="L", default="", help="en, ja or both (default: the study's first)")
    parser.add_argument("--template", metavar="F", help="your house's .pptx, its placeholders named as ours")
    parser.add_argument(
        "--paper", choices=("wide", "a4"), default="wide", help="slides 16:9 or A4 (default: wide)"
    )
    parser.add_argument("--compare", metavar="ID,..", action="append", help="firms to show, internal only")
    parser.add_argument("--out", metavar="F|DIR", help="file, or folder of several (default: this folder)")


def _brief(args: argparse.Namespace) -> int:
    """Write the brief in every form and language asked for."""
    from dashboard.command.outputs import replace_file
    from dashboard.export.making import make_brief
    from dashboard.selection import MOST_COMPARED, View
    from dashboard.shelf import open_shelf
    from survey import QuestionFault, has_extra, not_installed

    out = Path(args.out) if args.out else Path()
    is_file = bool(args.out) and not out.is_dir() and bool(out.suffix)
    forms = _forms(names(args.format), out if is_file else None)
    if args.template and "pptx" not in forms:
        raise QuestionFault(
            "--template", f"no deck among {', '.join(forms)}", "--format pptx", "leave it out"
        )
    if "pptx" in forms and not has_extra("export"):
        raise not_installed("--format pptx", "export")
    with working("reading the release", quiet=args.quiet):
        shelf = open_shelf(Path(args.release))
    compare = names(args.compare)
    _check_firms(shelf, compare)
    langs = _langs(args.lang, shelf.languages)
    many = len(forms) * len(langs)
    if is_file and many > 1:
        raise QuestionFault(
            f"--out {out}", f"one file for {many}", "a folder", f"write --out {out.with_suffix('')}"
        )
    folder = out.parent if is_file else out
    if is_file or not args.out:
        _check_folder(folder, args.out)
    template = Path(args.template) if args.template else None
    made = []
    for lang in langs:
        view = View(lang=lang, compare=tuple(compare[:MOST_COMPARED]))
        for form in forms:
            with working(f"writing {form} ({lang})", quiet=args.quiet):
                made.append(make_brief(shelf, view, form, template=template, paper=args.paper))
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made:
        path = out if is_file else folder / name
        replace_file(path, partial(_put, content))
        say(f"{path} is written.", quiet=args.quiet)
    return 0


def _put(content: bytes, place: Path) -> None:
    place.write_bytes(content)


def _forms(asked: Sequence[str], out: Path | None) -> list[str]:
    """Forms asked for, once each; without any, that of the file, or all."""
    from survey import QuestionFault, nearest

    if not asked:
        asked = [out.suffix.lower().removeprefix(".")] if out is not None else list(_FORMS)
    for form in asked:
        if form not in _FORMS:
            where = "--format" if out is None or f".{form}" != out.suffix.lower() else f"--out {out}"
            raise QuestionFault(where, repr(form), f"one of {', '.join(_FORMS)}", nearest(form, list(_FORMS)))
    if out is not None and out.suffix.lower() != f".{asked[0]}":
        raise QuestionFault(
            f"--out {out}",
            f"a name that ends in {out.suffix}",
            f".{asked[0]}",
            f"write {out.with_suffix('.' + asked[0])}",
        )
    return list(dict.fromkeys(asked))


def _langs(word: str, languages: tuple[str, ...]) -> list[str]:
    """Languages asked for; by default the first of the study that the interface speaks."""
    from dashboard.wording import LANGUAGES
    from survey import QuestionFault

    if word == "both":
        return list(LANGUAGES)
    if word and word not in LANGUAGES:
        raise QuestionFault("--lang", repr(word), f"{', '.join(LANGUAGES)} or both", "write --lang en")
    return [word or next((lang for lang in languages if lang in LANGUAGES), LANGUAGES[0])]


def _check_firms(shelf: "Shelf", compare: Sequence[str]) -> None:
    from survey import QuestionFault, nearest

    if not compare:
        return
    if not shelf.has_firms:
        raise QuestionFault("--compare", f"a release for {shelf.audience}", "an internal one", "leave it out")
    known = [str(firm) for firm in shelf.firms["firm"]]
    for firm in compare:
        if firm not in known:
            raise QuestionFault("--compare", repr(firm), "a firm of the release", nearest(firm, known))


def _check_folder(folder: Path, given: str | None) -> None:
    """See that the folder of a file exists and can be written, before any work is done."""
    import os

    from survey import FileFault

    place = folder if str(folder) else Path()
    if not place.is_dir():
        raise FileFault(
            f"--out {given}", f"no folder {place}", "a folder that exists", f"make it: mkdir -p {place}"
        )
    if not os.access(place, os.W_OK):
        raise FileFault(
            f"--out {given or '.'}",
            f"folder {place} cannot be written",
            "one you may write in",
            "name another",
        )


COMMANDS = {
    "brief": (
        "write the story of a Release to take away: deck, workbook, PDF, page",
        "crosspressure brief data/built/demo/members --format pptx,pdf --lang both --out board",
        _brief_options,
        _brief,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
