"""What is declared about the model of choice before it is fitted."""

from dataclasses import dataclass

__all__ = ["CORRECTIONS", "INDICATORS", "INFORMATION", "Declared"]

INDICATORS = ("squeeze", "us", "cn")
"""What a slope may belong to."""

INFORMATION = ("plain", "augmented")
"""Which information standard errors invert: as brglm2, or as logistf from 1.24.1."""

CORRECTIONS = ("flic", "flac")
"""How predictions are brought to the observed rate: an intercept refitted, or rows added."""


@dataclass(frozen=True, slots=True)
class Declared:
    """Choices made before looking at the outcome.

    Attributes
    ----------
    slopes : tuple[str, ...]
        Indicators in the order in which they enter, as far as events allow.
    candidates : int
        Every term that was looked at before; at least the slopes.
    information : str
        One of `INFORMATION`.
    correction : str
        One of `CORRECTIONS`.
    is_nonnegative : bool
        Whether slopes are never below zero.
    prior_sd : float
        Standard deviation of the normal prior of groups on the logit scale; 0 for no groups.
    """

    slopes: tuple[str, ...] = ("squeeze",)
    candidates: int = 0
    information: str = "plain"
    correction: str = "flic"
    is_nonnegative: bool = False
    prior_sd: float = 0.0
