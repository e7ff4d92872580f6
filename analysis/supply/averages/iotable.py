"""An input-output table: what each sector of each country buys from each other, and what it makes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.supply.averages.layouts import LAYOUTS, Flows, read_flows
from survey import FileFault, Finding, country_codes

__all__ = ["IoTable", "read_io_table"]


@dataclass(frozen=True, slots=True)
class IoTable:
    """Sectors of countries, and the inputs each takes for one unit of its output.

    Attributes
    ----------
    country : numpy.ndarray
        Shape (nodes,), alpha-2 code; "" for a rest of the world.
    sector : numpy.ndarray
        Shape (nodes,), the table's own code of the sector.
    content : scipy.sparse.csr_matrix
        Shape (nodes, nodes): row a buying sector, column a selling one, share of the buyer's output (its cost
        over its price); rows add to 1 at most, the rest is value added.
    inputs : numpy.ndarray
        Shape (nodes,), intermediate inputs in money of the table.
    source : str
        File and layout.
    findings : tuple[Finding, ...]
        What was mended or is not known.
    """

    country: np.ndarray
    sector: np.ndarray
    content: sparse.csr_matrix
    inputs: np.ndarray
    source: str
    findings: tuple[Finding, ...] = ()


def read_io_table(
    place: Path,
    layout: str,
    *,
    year: int | None = None,
    outputs: Path | None = None,
    countries: dict[str, str] | None = None,
    territories: dict[str, str] | None = None,
) -> IoTable:
    """Read an input-output table.

    Parameters
    ----------
    place : Path
        File or folder, as the publisher gives it.
    layout : str
        One of `LAYOUTS`.
    year : int, optional
        Year, where the folder holds several.
    outputs : Path, optional
        Outputs of the layout `flows`.
    countries : dict[str, str], optional
        Region of the table to country, where its name is in no list of countries ("" for none).
    territories : dict[str, str], optional
        Place to the country it counts as.

    Raises
    ------
    FileFault
        No such table, a reader that is not installed, a region nobody knows, a table that is none.
    """
    flows = read_flows(place, layout, year=year, outputs=outputs)
    source = f"{place.name} ({LAYOUTS[layout]})"
    findings: list[Finding] = []
    country = _countries(flows, str(place), countries or {}, territories or {}, findings)
    money = flows.money.tocsc().astype(float)
    if money.nnz and money.data.min() < 0:
        findings.append(
            Finding(
                str(place),
                f"{int((money.data < 0).sum())} flows below zero",
                "They are errors of balancing and count as nothing.",
                "",
            )
        )
        money.data = money.data.clip(min=0)
    inputs = np.asarray(money.sum(axis=0)).ravel()
    output = np.maximum(flows.output, 0.0)
    over = inputs > output * (1 + 1e-9)
    if over.any():
        first = int(np.argmax(over))
        findings.append(
            Finding(
                str(place),
                f"{int(over.sum())} sectors whose inputs exceed their output, such as "
                f"{flows.region[first]} {flows.sector[first]}",
                "They are taken to add no value: their inputs are their output.",
                "",
            )
        )
    whole = np.maximum(output, inputs)
    per_unit = sparse.diags_array(np.divide(1.0, whole, out=np.zeros_like(whole), where=whole > 0))
    content = sparse.csr_matrix((money @ per_unit).T)
    content.eliminate_zeros()
    return IoTable(country, flows.sector, content, inputs, source, tuple(findings))


def _countries(
    flows: Flows,
    where: str,
    countries: dict[str, str],
    territories: dict[str, str],
    findings: list[Finding],
) -> np.ndarray:
    """Alpha-2 code of each node's region."""
    regions = pd.Series(flows.region, dtype="str")
    distinct = pd.Series(regions.unique(), dtype="str")
    codes = country_codes(distinct)
    known = dict(zip(distinct, codes, strict=True)) | countries
    rest = [name for name in distinct if pd.isna(known[name]) and name.upper().startswith(_REST)]
    known |= dict.fromkeys(rest, "")
    lost = [name for name in distinct if pd.isna(known[name])]
    if lost:
        raise FileFault(
            where,
            f"regions nobody knows: {', '.join(map(repr, lost[:8]))}",
            "countries, in any spelling or code",
            'say which they are under [supply.sectors.countries], such as  ROW = ""  or  EU = ""',
        )
    nowhere = [name for name in distinct if not known[name]]
    if nowhere:
        findings.append(
            Finding(
                where,
                f"regions of no one country: {', '.join(nowhere[:8])}",
                "What is bought from them is unknown: inside the interval, not in the average.",
                "",
            )
        )
    return regions.map(known).replace(territories).to_numpy(dtype=object)


_REST = ("ROW", "WW", "WA", "WL", "WE", "WF", "WM", "REST", "ZZ")
"""How tables name what is left of the world or of a continent."""
