"""Properties of scenarios and drivers over many studies drawn at random.

Run: python -m tests.benchmarks.properties [--quick]. Each study is tightened twice, meets a listing that
touches few of its firms, and has its drivers added up; one study in which a property does not hold
fails the run.
"""

import sys

import numpy as np

from analysis.pressure.choice import ChoiceModel
from tests.analysis.scenario.test_properties import added_up, drawn, tightened, untouched
from tests.benchmarks.rows import Row, store

__all__ = ["main"]

STUDIES, QUICK = 60, 6

_RULES = ("CN-61-2025-L1", "CN-61-2025-L2", "US-AFFIL", "CN-835")
_LISTS = ("US-EL", "US-SDN", "US-UVL", "CN-UEL")


def held(seed: int) -> tuple[bool, bool]:
    """Whether every property holds in a study, and whether it has a model of p_choose."""
    rng = np.random.default_rng(seed)
    listing = {"list": str(rng.choice(_LISTS)), "parties": [f"P{rng.integers(30):02d}"]}
    threshold = {"instrument": "US-DEMIN-25", "field": "us_content", "value": float(rng.uniform(0, 0.25))}
    changes = [("list", listing), ("threshold", threshold), ("set", {"instrument": str(rng.choice(_RULES))})]
    try:
        tightened(seed, [changes[i] for i in rng.permutation(3)[:2]])
        untouched(seed, int(rng.integers(30)), str(rng.choice(_LISTS)))
        added_up(seed)
    except AssertionError as fault:
        print(f"study {seed}: {fault}")
        return False, True
    return True, isinstance(drawn(seed).calibrated.model, ChoiceModel)


def main(words: list[str]) -> int:
    """Measure, print and store; 1 where a property does not hold."""
    many = QUICK if "--quick" in words else STUDIES
    found = [held(seed) for seed in range(many)]
    good, modelled = (sum(one[place] for one in found) for place in (0, 1))
    what = "studies of 24 firms in which no property is broken"
    told = f"{modelled} of them with a model of p_choose"
    return store("properties", [Row(what, good, "studies", "all", many, "every study", good == many, told)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
