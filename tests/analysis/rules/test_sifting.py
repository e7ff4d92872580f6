"""The sieve takes away only what no instrument touches, and most of that."""

import numpy as np

from analysis.rules.asking import ask_all, asked_on
from analysis.rules.cases import Values, cuts_of, pair_codes
from analysis.rules.fields import BOUND_FIELDS
from analysis.rules.gates import facts_of
from analysis.rules.sifting import sieve_of
from tests.analysis.flows_by_hand import NOW, shipped
from tests.analysis.rules.flows_at_random import random_flows


def test_what_is_sifted_out_is_none_and_nothing_else_is_lost() -> None:
    flows = random_flows(600, seed=5)
    asked = list(asked_on(shipped(), NOW, screened=True))
    facts = facts_of(flows)
    rows = [row for one in asked for row in one.rows]
    cuts = {name: cuts_of(rows, name) for name in BOUND_FIELDS}
    values = Values({name: words for name, (_, words) in facts.text.items()}, cuts)
    codes = {name: np.where(found >= 0, found, -1) for name, (found, _) in facts.text.items()}
    codes |= {name: pair_codes(*facts.bounds[name], cuts[name]) for name in BOUND_FIELDS}
    whole = ask_all(asked, codes, values, len(flows), every=True)
    touched = [(whole.words[k][1], place) for place, k in zip(whole.place, whole.ruling, strict=True)]
    heavy = {pair for pair, k in zip(touched, whole.ruling, strict=True) if whole.words[k][2] != "none"}
    sieve = sieve_of([one.live for one in asked], values, {})
    left = sieve.open_cases(codes, len(flows))
    stays = {(one.name, place) for k, one in enumerate(asked) for place in sieve.stays(left, k)}
    assert heavy <= stays < set(touched)
    assert len(stays) < len(touched) / 3
    some = ask_all(asked, codes, values, len(flows), every=False)
    told = {(*some.words[k], place) for place, k in zip(some.place, some.ruling, strict=True)}
    assert told == {
        (*whole.words[k], place)
        for place, k in zip(whole.place, whole.ruling, strict=True)
        if whole.words[k][2] != "none"
    }
