"""`clean` and `replay`: what the rules change, written down, and the same done over again from the paper."""

import argparse
import os
from dataclasses import asdict
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
    parser.add_argument("--wave", metavar="NAME", default="", help="wave to clean (default: the last)")
    parser.add_argument("--dry-run", action="store_true", help="count what would be changed; write nothing")
    add_out(parser, "Ledger to write: .json, .csv or .html; without it, CSV on stdout")


def _clean(args: argparse.Namespace) -> int:
    """Clean and weigh one wave of a study and write its Ledger, the answers beside it."""
    out = check_out(args.out, (".json", ".csv", ".html"))
    study = open_study(args.study)
    from survey import ledger_cells, source_named, weigh_source

    source = source_named(study, args.wave)
    with working(f"cleaning {study.id}, wave {source.name}", quiet=args.quiet):
        wave, ledger = weigh_source(study, source)
    if args.dry_run:
        put_table(label_synthetic(ledger.counts(), study.synthetic), None)
        say("Nothing is written.", quiet=args.quiet)
    elif out is None:
        put_table(label_synthetic(ledger_cells(ledger), study.synthetic), None)
    else:
        written = _write(out, study, wave, ledger)
        say(f"written: {', '.join(map(str, written))}", quiet=args.quiet)
    for line in _summary(wave, ledger):
        say(line, quiet=args.quiet)
    return say_findings(wave.findings, quiet=args.quiet)


def _summary(wave: "Wave", ledger: "Ledger") -> list[str]:
    """What was done, for a person: answers, rows, meanings, weights."""
    answers = [change for change in ledger.changes if not change.rule.startswith("weights.")]
    cells = sum(len(change) for change in answers if change.column)
    lines = [
        f"wave {ledger.wave}: {_many(len(answers), 'change')} of {_many(cells, 'cell')}; "
        f"{_many(ledger.rows, 'row')} read, {len(wave)} left"
    ]
    meant = list(dict.fromkeys(m.question for m in ledger.meanings if m.before))
    if meant:
        lines.append(f"the codebook says something else of: {', '.join(meant)}")
    made = wave.weighted
    if made is not None:
        names = ", ".join(dict.fromkeys(met.margin for met in made.margins))
        way = f"{made.method} to {names}" if names else "non-response"
        lines.append(
            f"weights ({way}): from {made.smallest:.4g} to {made.largest:.4g}, "
            f"design effect {made.design_effect:.3f}"
            + (f", {_many(len(made.unmatched), 'firm')} not matched" if made.unmatched else "")
        )
    return lines


def _many(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def _write(out: Path, study: "Study", wave: "Wave", ledger: "Ledger") -> list[Path]:
    """The cleaned answers, their codebook, the margins, the JSON, and the page or table asked for."""
    import pandas as pd

    from survey import ledger_cells, ledger_json

    answers, paper = out.with_suffix(".answers.csv"), out.with_suffix(".json")
    content, book = _answers(wave, study), _codebook(wave, study)
    beside = _beside(answers)
    folder = os.path.relpath(study.folder.resolve(), out.parent.resolve()).replace(os.sep, "/")
    replace_file(answers, lambda path: path.write_bytes(content))
    replace_file(beside, lambda path: path.write_bytes(book))
    more = [answers, beside]
    if wave.weighted is not None and wave.weighted.margins:
        more.append(out.with_suffix(".margins.csv"))
        table = pd.DataFrame([asdict(met) for met in wave.weighted.margins])
        put_table(label_synthetic(table, study.synthetic), more[-1])
    _text(paper, ledger_json(ledger, study=folder, answers=content, codebook=book))
    if out.suffix.lower() == ".csv":
        put_table(label_synthetic(ledger_cells(ledger), study.synthetic), out)
    elif out.suffix.lower() == ".html":
        from dashboard.command.ledger_page import page_of_ledger

        _text(out, page_of_ledger(ledger, ledger_cells(ledger), study, wave))
    return list(dict.fromkeys((out, paper, *more)))


def _beside(answers: Path) -> Path:
    """The codebook that belongs to a CSV of answers, as `export --format csv` names it."""
    return answers.with_name(f"{answers.stem}.codebook.toml")


def _text(out: Path, text: str) -> None:
    replace_file(out, lambda path: path.write_text(text, encoding="utf-8", newline=""))


def _answers(wave: "Wave", study: "Study") -> bytes:
    """The cleaned answers and their weights as CSV: codes as they stand, for programs, not spreadsheets."""
    from survey import answers_text, with_weight_column

    table = label_synthetic(answers_text(with_weight_column(wave)), study.synthetic)
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _codebook(wave: "Wave", study: "Study") -> bytes:
    """What the cleaned answers mean, as a codebook that can be read with them."""
    from survey import codebook_text, with_weight_column

    text = codebook_text(with_weight_column(wave).codebook, whole=True)
    if study.synthetic:
        text += '\n[questions.synthetic]\nkind = "text"\nrole = "set_aside"\n'
    return text.encode("utf-8")


def _replay_options(parser: argparse.ArgumentParser) -> None:
    """Options of `replay`."""
    parser.add_argument("ledger", metavar="LEDGER", help="Ledger as clean has written it")
    add_out(parser, "CSV file of the cleaned answers, the codebook beside it; without it, answers on stdout")


def _replay(args: argparse.Namespace) -> int:
    """Do a Ledger over again, without the rules; hold answers and codebook against its checksums."""
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
        content, book = _answers(wave, study), _codebook(wave, study)
    for what, found, wanted in (
        ("answers", content, held.answers_sha256),
        ("meanings of codes", book, held.codebook_sha256),
    ):
        if hashlib.sha256(found).hexdigest() != wanted:
            raise FileFault(
                str(paper),
                f"other {what} than those the Ledger was written for",
                f"{what} with checksum {wanted[:12]}...",
                "the Ledger or the codebook was changed since: write it again with crosspressure clean",
            )
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        replace_file(out, lambda path: path.write_bytes(content))
        replace_file(_beside(out), lambda path: path.write_bytes(book))
        say(f"written: {out}, {_beside(out)}", quiet=args.quiet)
    say(
        f"wave {held.ledger.wave}: {_many(len(held.ledger.changes), 'change')} done over again; "
        f"answers and codebook are the same, byte for byte",
        quiet=args.quiet,
    )
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
