"""Flows with facts drawn at random, known and unknown, that every gate of the catalogue meets."""

import numpy as np
import pandas as pd

from analysis.rules.fields import BOUND_FIELDS, FLOW_KINDS, THROUGH_FIELDS

__all__ = ["assert_same_contact", "random_flows"]

CHOICES: dict[str, list[str]] = {
    "flow_kind": ["trade", "trade", "trade", *FLOW_KINDS],
    "seller_country": ["JP", "US", "CN", "NL", "DE", "TW", "SG", "GB", ""],
    "buyer_country": ["CN", "CN", "US", "JP", "HK", "MO", "IR", "DE", ""],
    "seller_kind": [
        "customer",
        "military",
        "chips award",
        "critical infrastructure",
        "rare-earth producer",
        "",
    ],
    "buyer_kind": [
        "customer",
        "military",
        "contractor",
        "government",
        "critical infrastructure",
        "court",
        "",
    ],
    "hs": ["841370", "850511", "520100", "851762", "8486", "854231", "280530", "720100", ""],
    "eccn": ["EAR99", "3B001", "3A991", "3A090", "5E002", "9E003.a", "3A981", "9A515", ""],
    "technology": [
        "none",
        "dual-use",
        "semiconductors;telecom",
        "magnets",
        "AI",
        "quantum",
        "personal data",
        "",
    ],
    "origin": ["JP", "US", "CN", "NL", ""],
    "region": ["JP", "US", "CN-XJ", ""],
    "direct_product": ["yes", "no", ""],
    "end_use": ["military", "advanced-node chips;AI", "none", ""],
    "person_country": ["CN", "US", "JP", ""],
    "currency": ["USD", "CNY", ""],
    "buyer_lists": ["", "", "US-EL", "US-EL;US-FDP-FN1", "US-SDN", "CN-CTRL", "US-MEU", "US-AFFIL-FLAG"],
    "seller_lists": ["", "", "US-UFLPA", "US-889", "CN-UEL", "US-FDP-FN5"],
}
NUMBERS = [0.0, 0.001, 0.05, 0.1, 0.2, 0.25, 0.2500001, 0.5, 0.9, np.nan]


def random_flows(n: int, seed: int = 1) -> pd.DataFrame:
    """n flows of `FLOW_COLUMNS` and the fields of other kinds; bounds are points, stretches or unknown."""
    rng = np.random.default_rng(seed)
    flows = pd.DataFrame({name: rng.choice(words, n) for name, words in CHOICES.items()}, dtype="str")
    for name in BOUND_FIELDS:
        low = rng.choice(NUMBERS, n)
        if name in THROUGH_FIELDS:
            flows[name] = low
            continue
        flows[f"{name}_low"] = low
        flows[f"{name}_high"] = np.where(rng.random(n) < 0.3, np.fmin(low + 0.2, 1.0), low)
    flows["flow"] = [f"f{k}" for k in range(n)]
    flows["firm"] = [f"b{k % 17}" for k in range(n)]
    flows["seller"] = [f"p{k % 7}" for k in range(n)]
    flows["buyer"] = [f"p{k % 5}" for k in range(n)]
    flows["channel"] = np.where(rng.random(n) < 0.5, "sales", "inputs")
    flows["value"], flows["share"] = rng.random(n), rng.random(n)
    flows["substitutability"], flows["path"] = 0.0, "path of " + flows["flow"]
    return flows


def assert_same_contact(rows: pd.DataFrame, memory: pd.DataFrame) -> None:
    """Every word of the engine's rows is that of memory, every number to the last digit."""
    key = ["flow", "instrument"]
    assert list(rows.columns) == list(memory.columns)
    ours, theirs = (table.sort_values(key).reset_index(drop=True) for table in (rows, memory))
    assert len(ours) == len(theirs) > 0
    pd.testing.assert_frame_equal(ours, theirs, check_dtype=False, check_exact=True)
