"""Layouts of input-output tables: flows of money between sectors of regions, and outputs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.supply.tables import numbers, read_rows, require_columns
from survey import FileFault, nearest, not_installed

__all__ = ["LAYOUTS", "Flows", "read_flows"]

LAYOUTS = {
    "oecd": "OECD ICIO",
    "wiod": "WIOD",
    "exiobase": "EXIOBASE 3",
    "eora": "EORA26",
    "pymrio": "a folder that pymrio saved",
    "flows": "a file of flows",
}
"""Layouts that are read, and what they are; all but `flows` need pymrio."""

_FLOWS = ("from_country", "from_sector", "to_country", "to_sector", "value")
_OUTPUTS = ("country", "sector", "output")


@dataclass(frozen=True, slots=True)
class Flows:
    """A table as its publisher gives it.

    Attributes
    ----------
    region, sector : numpy.ndarray
        Shape (nodes,), words of the table.
    money : scipy.sparse.csr_matrix
        Shape (nodes, nodes): row sells, column buys.
    output : numpy.ndarray
        Shape (nodes,), total output.
    """

    region: np.ndarray
    sector: np.ndarray
    money: sparse.csr_matrix
    output: np.ndarray


def read_flows(place: Path, layout: str, *, year: int | None, outputs: Path | None) -> Flows:
    """Read flows and outputs in one of `LAYOUTS`.

    Raises
    ------
    FileFault
        No such file or folder, an unknown layout, pymrio not installed, a table that it cannot read.
    """
    if layout not in LAYOUTS:
        raise FileFault(
            str(place),
            f"layout {layout!r}",
            "one of: " + ", ".join(LAYOUTS),
            nearest(layout, list(LAYOUTS)),
        )
    if not place.exists():
        raise FileFault(str(place), "no such file or folder", "an input-output table", "check the name")
    if layout == "flows":
        return _plain(place, outputs)
    return _parsed(place, layout, year)


def _plain(place: Path, outputs: Path | None) -> Flows:
    """Flows one a row, and a file of outputs beside them."""
    if outputs is None:
        raise FileFault(
            str(place),
            "flows without outputs",
            "a file with the columns " + ", ".join(_OUTPUTS),
            'name it: outputs = "outputs.csv"',
        )
    rows, made = read_rows(place), read_rows(outputs)
    require_columns(rows, _FLOWS, str(place))
    require_columns(made, _OUTPUTS, str(outputs))
    nodes = pd.MultiIndex.from_frame(made[["country", "sector"]])
    if nodes.has_duplicates:
        again = int(np.argmax(nodes.duplicated())) + 1
        raise FileFault(
            f"{outputs}, row {again}", "a sector that stands twice", "one row a sector", "take one out"
        )
    ends = []
    for end in ("from", "to"):
        place_of = nodes.get_indexer(pd.MultiIndex.from_frame(rows[[f"{end}_country", f"{end}_sector"]]))
        if (place_of < 0).any():
            row = int(np.argmax(place_of < 0))
            raise FileFault(
                f"{place}, row {row + 1}",
                f"{rows[f'{end}_country'].iloc[row]} {rows[f'{end}_sector'].iloc[row]}, of no output",
                f"a sector of {outputs.name}",
                "add its output",
            )
        ends.append(place_of)
    value = np.nan_to_num(numbers(rows["value"], str(place), low=-np.inf, high=np.inf))
    output = numbers(made["output"], str(outputs), low=0, high=np.inf)
    money = sparse.csr_matrix((value, (ends[0], ends[1])), shape=(len(nodes), len(nodes)))
    return Flows(
        made["country"].to_numpy(dtype=object),
        made["sector"].to_numpy(dtype=object),
        money,
        np.nan_to_num(output),
    )


def _parsed(place: Path, layout: str, year: int | None) -> Flows:
    """A table of a publisher, read by pymrio."""
    try:
        import pymrio
    except ImportError:
        raise not_installed(f"{place} (layout {layout})", "io") from None
    years = {} if year is None else {"year": year}
    readers: dict[str, Callable[[], Any]] = {
        "oecd": lambda: pymrio.parse_oecd(place, **years),
        "wiod": lambda: pymrio.parse_wiod(place, **years),
        "exiobase": lambda: pymrio.parse_exiobase3(place),
        "eora": lambda: pymrio.parse_eora26(place, **years),
        "pymrio": lambda: pymrio.load(place),
    }
    try:
        table = readers[layout]()
        return _of_pymrio(table)
    except Exception as error:
        said = (str(error).splitlines() or [""])[0][:160]
        raise FileFault(
            str(place),
            f"no table that pymrio reads as {LAYOUTS[layout]} ({type(error).__name__}: {said})",
            "the files as their publisher gives them" + ("" if year is None else f", of the year {year}"),
            "check layout, year and folder",
        ) from error


def _of_pymrio(table: Any) -> Flows:
    """Flows and outputs of a pymrio system; coefficients are turned into money where it has only those."""
    output = table.x
    if output is None and table.Z is not None:
        output = table.Z.sum(axis=1) + table.Y.sum(axis=1)
    elif output is None:
        leak = np.eye(len(table.A)) - table.A.to_numpy(dtype=float)
        output = pd.Series(np.linalg.solve(leak, table.Y.sum(axis=1).to_numpy(dtype=float)), table.A.index)
    made = np.asarray(output, dtype=float).reshape(-1)
    flows = table.Z if table.Z is not None else table.A * made
    nodes = flows.index
    return Flows(
        nodes.get_level_values(0).astype("str").to_numpy(dtype=object),
        nodes.get_level_values(1).astype("str").to_numpy(dtype=object),
        sparse.csr_matrix(np.nan_to_num(flows.to_numpy(dtype=float))),
        np.nan_to_num(made),
    )
