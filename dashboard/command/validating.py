"""`--model`: how far the model of a run can be trusted, written beside the firms and told in words."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.command.outputs import label_synthetic, put_table
from dashboard.command.saying import say

if TYPE_CHECKING:
    from analysis import Pressure

__all__ = ["add_model", "put_index", "put_model", "tell_model"]

_LEFT = ("term_constant", "term_collinear", "term_no_room", "few_pooled_events", "grades_not_pooled")
_TOLD = (
    "little",
    "holds_zero",
    "auc_holds_half",
    "no_better",
    "separated",
    "separated_partly",
    "imputed",
    "not_imputed",
    "no_donors",
    "imputing_off",
    "nothing_known",
    "imputed_blind",
    "outcome_missing",
    *_LEFT,
)
"""Codes of the notes that the command says; the others stand in the file."""

_NAMES = {
    "carries p_choose": "p_choose",
    "carries ranks": "order of firms",
    "carries scenarios": "effects of scenarios on p_choose",
}


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add `--model`."""
    parser.add_argument(
        "--model",
        metavar="F",
        help="also write the validation report, and beside it the calibration curve (.csv, .json)",
    )


def put_model(pressure: "Pressure", path: Path | None, synthetic: bool) -> None:
    """Write the report to a file, and the calibration curve beside it; nothing without a file."""
    if path is None:
        return
    put_table(label_synthetic(pressure.model, synthetic), path)
    if len(pressure.calibration):
        beside = path.with_name(f"{path.stem}.calibration{path.suffix}")
        put_table(label_synthetic(pressure.calibration, synthetic), beside)


def put_index(pressure: "Pressure", out: Path | None, synthetic: bool, *, quiet: bool) -> None:
    """Write the index of a study without p_choose beside the firms, where one is declared."""
    if not len(pressure.composite):
        return
    if out is None:
        say("say --out to have the index of [pressure.composite] too", quiet=quiet)
        return
    put_table(
        label_synthetic(pressure.composite, synthetic), out.with_name(f"{out.stem}.composite{out.suffix}")
    )


def tell_model(pressure: "Pressure", *, quiet: bool) -> None:
    """Say what the model does not carry, and what a reader must beware of."""
    for stat, value, why, words in zip(
        pressure.model["stat"],
        pressure.model["estimate"],
        pressure.model["why"],
        pressure.model["method"],
        strict=True,
    ):
        if str(stat).startswith("carries ") and value == 0:
            say(f"model: no {_NAMES[str(stat)]}: {words}", quiet=quiet)
        elif str(stat).startswith("note ") and str(why).split("|")[0] in _TOLD:
            say(f"model: {words}", quiet=quiet)
