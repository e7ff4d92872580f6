"""A Release of thousands of made-up firms that keeps what scenarios of one's own and comparisons need."""

import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.pressure.reading import Calibrated, read_firms
from analysis.pressure.settings import PressureSettings
from analysis.release.manifest import MANIFEST, checksum, write_manifest
from analysis.scenario.comparing import Baseline
from analysis.scenario.kept import kept_table
from analysis.scenario.meeting import meet_first
from tests.benchmarks.pressure import trained
from tests.benchmarks.scenario import DAY, made
from tests.dashboard.made_up import write_made_up

__all__ = ["write_wide"]

_LINKS_A_FIRM = 2
_ASKED = ("us_china_impact", "had_to_choose")
"""Questions of the made-up Release with one answer of two."""


def write_wide(folder: Path, firms: int = 5_000) -> Path:
    """A made-up internal Release with `kept` and `form`, so that every step of a reader can be taken there.

    The scene that is kept is one of other made-up firms, as many: their effects have ids for names.
    """
    release = write_made_up(folder, many=firms)
    manifest = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    for name, table in {"kept": _kept(firms), "form": _form()}.items():
        path = release / f"{name}.parquet"
        table.to_parquet(path, index=False)
        told = {"sha256": checksum(path), "rows": len(table), "columns": len(table.columns)}
        manifest["files"][path.name] = told
    write_manifest(release, manifest)
    return release


def _form() -> pd.DataFrame:
    return pd.DataFrame(
        [(one, "single", one, "", "", "98;99") for one in _ASKED],
        columns=["question", "kind", "column", "option", "counted", "missing"],
    )


def _kept(firms: int) -> pd.DataFrame:
    with tempfile.TemporaryDirectory() as place:
        met = meet_first(made(firms, _LINKS_A_FIRM * firms, Path(place)))
    ids = tuple(f"F{number}" for number in range(firms))
    settings = PressureSettings(outcome="q")
    rng = np.random.default_rng(0)
    calibrated = Calibrated(settings, ids[:96], np.zeros(min(96, firms)), trained(), rng, DAY)
    groups = {"sector": np.array([f"s{number % 20:02d}" for number in range(firms)], dtype=object)}
    table = kept_table(
        Baseline(None, DAY, met, calibrated, ids, read_firms(calibrated, met.day, ids), groups)
    )
    if table is None:
        raise ValueError("the scene is too large to be kept")
    return table
