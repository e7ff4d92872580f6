"""How standard errors came from replicate weights, in one sentence: method, scale and centre."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from survey import Design

__all__ = ["say_replicates"]

_SCALES = {
    "brr": "1/R",
    "fay": "1/(R(1-rho)^2)",
    "jk1": "(n-1)/n",
    "jkn": "(n-1)/n of each stratum",
    "bootstrap": "1/(R-1)",
    "subbootstrap": "1/(R-1)",
    "canty-davison": "H/((H-1)(R-1))",
    "rao-wu": "1/(R-1)",
    "preston": "1/(R-1)",
}
_DRAWN = ("subbootstrap", "canty-davison", "rao-wu", "preston")


def say_replicates(design: "Design") -> str:
    """The sentence; "" where errors are by Taylor linearisation."""
    made = design.create
    if made is None and not design.replicates:
        return ""
    method = made.method if made else design.method
    scale = _SCALES[method] if design.scale is None else f"{design.scale:g}"
    centre = "the full-sample estimate" if design.centre == "full" else "the mean of the replicates"
    if made is None:
        source = f"replicate weights of the file ({method})"
    elif method in _DRAWN:
        source = f"{made.replicates} replicates made by {method} (seed {made.seed})"
    else:
        source = f"replicates made by {method}"
    return f"Errors: {source}, scale {scale}, about {centre}."
