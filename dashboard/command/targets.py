"""Which firms a number is about: these firms or firms like these, chosen by the user and printed."""

import argparse
from typing import TYPE_CHECKING

from dashboard.command.replicate_words import say_replicates
from dashboard.command.saying import say

if TYPE_CHECKING:
    from survey import Design, Study

__all__ = ["add_target", "aim", "say_target"]


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add `--target`, the firms that the intervals are about."""
    parser.add_argument(
        "--target",
        choices=("firms", "mechanism"),
        help="whom intervals are about: these firms (a known number), or firms like these in other years "
        "(default: the study's)",
    )


def aim(study: "Study", target: str | None, *, quiet: bool = True) -> "Design":
    """The design of a study with the target that was chosen; it is said at once unless `quiet`.

    Raises
    ------
    DesignFault
        These firms are asked for, but the design does not say how many there are.
    """
    from dataclasses import replace

    from survey import DesignFault

    if target == "firms" and not study.design.population:
        raise DesignFault(
            "--target firms",
            "a design that does not say how many firms there are",
            "their number: a finite population",
            "add population = [100], with your number, to [design] of study.toml, or leave --target out",
        )
    design = replace(study.design, target=target) if target else study.design
    say_target(design, quiet=quiet)
    return design


def say_target(design: "Design", *, quiet: bool = False) -> None:
    """Say on stderr whom the numbers are about, once they are there, and how replicates made their errors."""
    chosen = design.target or ("firms" if design.population else "mechanism")
    if chosen == "firms":
        many = ", ".join(f"{p:g}" if isinstance(p, float) else f"column {p!r}" for p in design.population)
        how = "approached" if design.selection == "list" else "drawn from"
        say(f"Target: these firms ({how}: {many}). For firms like these: --target mechanism", quiet=quiet)
    else:
        other = " For these firms only: --target firms" if design.population else ""
        say(f"Target: firms like these, or other years; no finite population.{other}", quiet=quiet)
    if errors := say_replicates(design):
        say(errors, quiet=quiet)
