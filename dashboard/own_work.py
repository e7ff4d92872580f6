"""A scenario of one's own is worked out from what a Release keeps, and its tables put into few bytes."""

import io
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import pandas as pd

from analysis import Baseline, kept_baseline, own_tables, scenario_of
from dashboard.steps import Tick, untold

__all__ = ["pack_tables", "unpack_tables", "work_out"]


def work_out(kept: bytes, text: str, name: str, *, tick: Tick = untold) -> bytes:
    """The tables of what a scenario does, packed.

    Parameters
    ----------
    kept : bytes
        The table `kept` of a Release, pickled by this process or the one it works for. The world it holds is
        met once for all scenarios in a row.
    text : str
        The scenario, in TOML.
    name : str
        The id it is given.
    tick : Tick

    Raises
    ------
    survey.Fault
        A text that is no scenario, or that does not fit the study.
    """
    tick("read", 0, 0)
    mine = replace(scenario_of(text, "scenario"), id=name)
    return pack_tables(own_tables(_baseline(kept), mine, tick=tick))


@lru_cache(maxsize=1)
def _baseline(kept: bytes) -> Baseline:
    return kept_baseline(pickle.loads(kept), "release")


def pack_tables(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Tables by name as Parquet files in one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, rows in tables.items():
            archive.writestr(name, rows.to_parquet(None, index=False, compression="zstd"))
    return out.getvalue()


def unpack_tables(packed: bytes) -> dict[str, pd.DataFrame]:
    """The tables that `pack_tables` packed."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: pd.read_parquet(io.BytesIO(archive.read(name))) for name in archive.namelist()}
