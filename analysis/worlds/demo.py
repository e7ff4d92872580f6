"""The demonstration study, remade whole: answers, links, parties, items, bills, lists, holdings, settings."""

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.worlds.demo_text import README, STUDY
from analysis.worlds.world import STRENGTH, WORLD_SEED, World, make_world
from survey import (
    FileFault,
    Wave,
    answers_to,
    data_folder,
    load_study,
    read_wave,
    write_demo_wave,
)

__all__ = ["AS_OF", "CALIBRATED_AT", "remake_demo", "world_of"]

CALIBRATED_AT = date(2021, 12, 15)
"""End of fieldwork of the wave that is reproduced."""

AS_OF = date(2026, 1, 15)
"""Day on which the demonstration looks at rules and links."""


def remake_demo(folder: Path | str) -> list[Path]:
    """Write the demonstration study into a folder; the same bytes every time.

    Parameters
    ----------
    folder : Path or str
        Made if it does not exist; files of the same names are replaced, all or none.

    Returns
    -------
    list[Path]
        The files written: `demo_2021.sav`, `codebook.toml`, `study.toml`, `links.csv`, `parties.csv`,
        `items.csv`, `listings.csv`, `bom.csv`, `ownership.csv`, `README.md`.

    Raises
    ------
    FileFault
        The published figures are not there, or the folder cannot be written.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FileFault(str(folder), "a file", "a folder, existing or new", "name another folder")
    try:
        return _remake(folder)
    except OSError as error:
        raise FileFault(
            str(folder), f"it cannot be written ({error.strerror})", "a folder", "check its rights and room"
        ) from error


def _remake(folder: Path) -> list[Path]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".demo-") as scratch:
        made = Path(scratch)
        seed = write_demo_wave(made, data_folder() / "reference" / "published" / "published_waves.csv")
        _write(made / "study.toml", STUDY.format(as_of=AS_OF, calibrated_at=CALIBRATED_AT))
        study = load_study(made)
        world = world_of(read_wave(study.waves[-1]))
        for name in ("links", "parties", "items", "listings", "bom", "ownership"):
            table: pd.DataFrame = getattr(world, name)
            _write(made / f"{name}.csv", table.to_csv(index=False, lineterminator="\n", float_format="%.10g"))
        facts = {"firm_seed": seed, "world_seed": WORLD_SEED, "strength": f"{STRENGTH:.2f}"}
        counted = ("links", "items", "listings", "bom", "ownership")
        counts = {name: f"{len(getattr(world, name)):,}" for name in counted}
        _write(made / "README.md", README.format(**facts, **counts))
        folder.mkdir(exist_ok=True)
        written = []
        for path in sorted(made.iterdir()):
            shutil.move(path, folder / f".{path.name}.new")
            written.append(folder / path.name)
        for path in written:
            os.replace(folder / f".{path.name}.new", path)
    return written


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))


def world_of(wave: Wave, seed: int = WORLD_SEED) -> World:
    """The made-up world around the firms of a wave with the questions of the demonstration.

    Parameters
    ----------
    wave : Wave
        With `firm_id`, `sector`, `had_to_choose`, `sales_share_us`, `sales_share_cn`.
    seed : int
        Seed of the world.

    Returns
    -------
    World

    Raises
    ------
    QuestionFault
        A question is missing.
    """
    outcome = answers_to(wave, "had_to_choose")
    answered = outcome.ticks.any(axis=1)
    chose = np.where(answered, outcome.ticks[:, outcome.options.index("1")].astype(float), np.nan)
    sector = answers_to(wave, "sector")
    return make_world(
        wave.frame["firm_id"].astype("str").to_numpy(dtype=object),
        np.asarray(sector.options)[sector.ticks.argmax(axis=1)],
        chose,
        _band(wave, "sales_share_us"),
        _band(wave, "sales_share_cn"),
        seed,
    )


def _band(wave: Wave, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of the band that each firm answered; two arrays of shape (firms,)."""
    place = answers_to(wave, name).ticks.argmax(axis=1)
    choices = wave.codebook.question(name).choices
    low = np.array([choice.low for choice in choices], dtype=float)
    high = np.array([choice.high for choice in choices], dtype=float)
    return low[place], high[place]
