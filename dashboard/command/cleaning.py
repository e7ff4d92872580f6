"""`clean` and `replay`: what the rules change, written down, and the same done over again from the paper."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.options import add_out, add_study, open_study
from dashboard.command.outputs import check_out, label_synthetic, put_table, replace_file
from dashboard.command.saying import say, say_findings, working

if TYPE_CHECKING:
    from survey import Ledger, Study, Wave

__all__ = ["COMMANDS"]


def _clean_options(parser: argparse.ArgumentParser) -> None:
    """Options of `clean`."""
    add_study(parser)
    parser.add_argument("--dry-run", action="store_true", help="count what would be changed; write nothing")
    add_out(parser, "Ledger to write: .json, .csv or .html; without it, CSV on stdout")


def _clean(args: argparse.Namespace) -> int:
    """Clean the last wave of a study and write its Ledger, the answers beside it."""
    out = check_out(args.out, (".json", ".csv", ".html"))
    study = open_study(args.study)
    from survey import clean_source, ledger_cells

    with working(f"cleaning {study.id}", quiet=args.quiet):
        wave, ledger = clean_source(study)
    if args.dry_run:
        put_table(label_synthetic(ledger.counts(), study.synthetic), None)
        say("Nothing is written.", quiet=args.quiet)
    elif out is None:
        put_table(label_synthetic(ledger_cells(ledger), study.synthetic), None)
    else:
        written = _write(out, study, wave, ledger)
        say(f"written: {', '.join(map(str, written))}", quiet=args.quiet)
    cells = sum(len(change) for change in ledger.changes)
    say(
        f"{len(ledger.changes)} changes of {cells} cells; {ledger.rows} rows read, {len(wave)} left.",
        quiet=args.quiet,
    )
    return say_findings(wave.findings, quiet=args.quiet)


def _write(out: Path, study: "Study", wave: "Wave", ledger: "Ledger") -> list[Path]:
    """The cleaned answers, the JSON, and the page or table that was asked for."""
    from survey import ledger_cells, ledger_json

    answers, paper = out.with_suffix(".answers.csv"), out.with_suffix(".json")
    content = _answers(wave, study)
    folder = os.path.relpath(study.folder.resolve(), out.parent.resolve()).replace(os.sep, "/")
    replace_file(answers, lambda path: path.write_bytes(content))
    _text(paper, ledger_json(ledger, study=folder, answers=content))
    if out.suffix.lower() == ".csv":
        put_table(label_synthetic(ledger_cells(ledger), study.synthetic), out)
    elif out.suffix.lower() == ".html":
        from dashboard.command.ledger_page import page_of_ledger

        _text(out, page_of_ledger(ledger, ledger_cells(ledger), study, len(wave)))
    return list(dict.fromkeys((out, paper, answers)))


def _text(out: Path, text: str) -> None:
    replace_file(out, lambda path: path.write_text(text, encoding="utf-8", newline=""))


def _answers(wave: "Wave", study: "Study") -> bytes:
    """The cleaned answers as CSV: codes as they stand, for programs and not for spreadsheets."""
    from survey import answers_text

    table = label_synthetic(answers_text(wave), study.synthetic)
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _replay_options(parser: argparse.ArgumentParser) -> None:
    """Options of `replay`."""
    parser.add_argument("ledger", metavar="LEDGER", help="Ledger as clean has written it")
    add_out(parser, "CSV file of the cleaned answers; without it, on stdout")


def _replay(args: argparse.Namespace) -> int:
    """Do a Ledger over again, without the rules, and hold the answers against its checksum."""
    import hashlib
    import sys

    from survey import FileFault, read_ledger, read_wave, replay_ledger

    out = check_out(args.out)
    paper = Path(args.ledger)
    if paper.suffix.lower() in (".csv", ".html") and paper.is_file():
        paper = paper.with_suffix(".json")
    held = read_ledger(paper)
    study = open_study(str(paper.parent / held.study))
    sources = [source for source in study.waves if source.name == held.ledger.wave]
    if not sources:
        raise FileFault(
            str(paper),
            f"a Ledger of wave {held.ledger.wave!r}",
            "one of: " + ", ".join(source.name for source in study.waves),
            "write it again: crosspressure clean",
        )
    with working(f"replaying {paper}", quiet=args.quiet):
        wave = replay_ledger(read_wave(sources[0]), held.ledger)
        content = _answers(wave, study)
    if hashlib.sha256(content).hexdigest() != held.answers_sha256:
        raise FileFault(
            str(paper),
            "other answers than those the Ledger was written for",
            f"answers with checksum {held.answers_sha256[:12]}...",
            "the Ledger or the codebook was changed since: write it again with crosspressure clean",
        )
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        replace_file(out, lambda path: path.write_bytes(content))
    say(f"{len(held.ledger.changes)} changes done over again: the same answers.", quiet=args.quiet)
    return 0


COMMANDS = {
    "clean": (
        "change answers by the rules of the study, and write down each change",
        "crosspressure clean data/demo --out ledger.html",
        _clean_options,
        _clean,
    ),
    "replay": (
        "do the changes of a Ledger over again; the answers come out the same, byte for byte",
        "crosspressure replay ledger.json --out answers.csv",
        _replay_options,
        _replay,
    ),
}
"""Command to summary, example, what adds its options, what runs it."""
