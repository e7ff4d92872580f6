"""How firms were drawn: names of the columns that carry the sampling design."""

from dataclasses import dataclass

__all__ = ["CENTRES", "SELECTIONS", "SINGLETONS", "TARGETS", "Creation", "Design"]

TARGETS = ("firms", "mechanism")
"""`firms`: these firms (finite population, fpc). `mechanism`: other years, firms like these."""

SELECTIONS = ("probability", "list")
"""`probability`: drawn at random. `list`: a chosen list was approached (near-census)."""

SINGLETONS = ("fault", "centre", "certainty")
"""A stratum with one unit of several. `fault`: stop. `centre`: its deviation is from zero, not from its
own mean (R `adjust`). `certainty`: it counts as taken on purpose and adds no variance."""

CENTRES = ("full", "mean")
"""What replicates deviate from: the full-sample estimate, or the mean of the replicates."""


@dataclass(frozen=True, slots=True)
class Creation:
    """Replicate weights to be made from the design.

    Attributes
    ----------
    method : str
        `brr`, `fay`, `jk1`, `jkn`, `subbootstrap`, `canty-davison`, `rao-wu` or `preston`.
    replicates : int
        How many a bootstrap makes; the others make as many as they need.
    seed : int
        Seed of the bootstrap.
    rho : float
        Coefficient of `fay`.
    """

    method: str
    replicates: int = 500
    seed: int = 20211215
    rho: float = 0.5


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
    singletons : str
        One of `SINGLETONS`.
    centre : str
        One of `CENTRES`.
    create : Creation or None
        Replicate weights to be made; None to use those of the file, or none.
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
    singletons: str = "fault"
    centre: str = "full"
    create: Creation | None = None
