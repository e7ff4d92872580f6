"""How firms were drawn: names of the columns that carry the sampling design."""

from dataclasses import dataclass

__all__ = ["SELECTIONS", "TARGETS", "Design"]

TARGETS = ("firms", "mechanism")
"""`firms`: these firms (finite population, fpc). `mechanism`: other years, firms like these."""

SELECTIONS = ("probability", "list")
"""`probability`: drawn at random. `list`: a chosen list was approached (near-census)."""


@dataclass(frozen=True, slots=True)
class Design:
    """Column names of a sampling design; an empty Design is simple random sampling.

    Attributes
    ----------
    weight : str
        Column of weights; "" for equal weights.
    strata, clusters : tuple[str, ...]
        One column for each stage; ids nest in their stratum and previous stage unless `unnested`.
    population : tuple[str | float, ...]
        One column or number for each stage: units of that stage in its stratum or parent.
    unnested : bool
        Whether ids are unique over strata.
    replicates : tuple[str, ...]
        Columns of replicate weights.
    method : str
        `taylor`, or for replicates `brr`, `fay`, `jk1`, `jkn`, `bootstrap`.
    rho : float
        Fay's coefficient.
    scale : float or None
        Overall scale of the replicate variance; None for the method's own.
    rscales : tuple[float, ...]
        One scale for each replicate; empty for ones.
    target : str
        One of `TARGETS`; "" takes the default (firms where the population is known).
    selection : str
        One of `SELECTIONS`.
    id : str
        Column of firm ids; "" when rows are numbered.
    """

    weight: str = ""
    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    population: tuple[str | float, ...] = ()
    unnested: bool = False
    replicates: tuple[str, ...] = ()
    method: str = "taylor"
    rho: float = 0.0
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    target: str = ""
    selection: str = "probability"
    id: str = ""
