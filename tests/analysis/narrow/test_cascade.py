"""ESRI against the seven firms of the authors' package, the equations written out, and its limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.supply.narrow.cascade import ROLES, Cascade, cascade_of, follow_failures

LINKS = np.array(
    [
        [1, 3, 4],
        [2, 3, 1],
        [1, 4, 2],
        [3, 5, 5],
        [4, 5, 5],
        [6, 5, 2],
        [3, 6, 1],
        [5, 7, 8],
        [4, 7, 1],
        [6, 7, 1],
    ]
)
SECTOR = np.array([1, 1, 2, 2, 3, 4, 5])
BOTH = [0.88, 0.12, 0.6, 0.4, 0.901851852, 0.205555556, 1]
DOWN = [0.88, 0.12, 0.433333333, 0.333333333, 0.266666667, 0.144444444, 0]
UP = [0.2, 0.033333333, 0.366666667, 0.266666667, 0.901851852, 0.161111111, 1]


def seven() -> Cascade:
    roles = np.ones((6, 6), dtype=np.int8)
    roles[1, 2] = roles[2, 3] = ROLES["essential"]
    roles[4, 5] = ROLES["negligible"]
    return cascade_of(LINKS[:, 0] - 1, LINKS[:, 1] - 1, LINKS[:, 2].astype(float), SECTOR, roles)


def test_seven_firms_of_the_authors() -> None:
    """Printed by GLcascade 0.9.3.1 to nine digits (method_sources 5)."""
    found = follow_failures(seven(), np.arange(7))
    np.testing.assert_allclose(found.both, BOTH, atol=1e-9)
    np.testing.assert_allclose(found.down, DOWN, atol=1e-9)
    np.testing.assert_allclose(found.up, UP, atol=1e-9)


def test_seven_firms_with_replaceability() -> None:
    found = follow_failures(seven(), np.arange(7), is_replaceable=True)
    np.testing.assert_allclose(found.both, [0.88, 0.0439548, *BOTH[2:]], atol=5e-8)
    np.testing.assert_allclose(found.down, [0.88, 0.0439548, *DOWN[2:]], atol=5e-8)
    np.testing.assert_allclose(found.up, UP, atol=1e-9)


def by_hand(links, sector, roles, failed, replaceable, revenue, cost):
    """The equations of method_sources 5 as they stand, firm by firm."""
    n = len(sector)
    w = np.zeros((n, n))
    for i, j, v in links:
        w[i, j] += v
    s, q = w.sum(1), w.sum(0)
    d, u = np.zeros((n, n)), np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if w[i, j] == 0:
                continue
            role = roles[sector[i], sector[j]]
            if role == 2:
                d[i, j] = w[i, j] / w[sector == sector[i], j].sum()
            elif role == 1:
                d[i, j] = w[i, j] / q[j]
            d[i, j] *= min(1.0, q[j] / cost[j])
            u[i, j] = w[i, j] / max(revenue[i], s[i])
    psi = np.ones(n)
    psi[failed] = 0
    hd, hu = psi.copy(), psi.copy()
    for _ in range(5000):
        sigma = np.ones(n)
        if replaceable:
            for i in range(n):
                left = (hd * s)[sector == sector[i]].sum()
                sigma[i] = min(1.0, s[i] / (left if left > 1e-10 else 1.0))
        new = np.zeros(n)
        for j in range(n):
            pi = {
                k: 1 - sum(sigma[i] * d[i, j] * (1 - hd[i]) for i in range(n) if sector[i] == k)
                for k in set(sector)
            }
            least = min([pi[k] for k in pi if roles[k, sector[j]] == 2], default=1.0)
            rest = 1 - sum(1 - pi[k] for k in pi if roles[k, sector[j]] == 1)
            new[j] = max(0.0, min(psi[j], least, rest))
        fresh = np.array([max(0.0, min(psi[i], 1 - (u[i] * (1 - hu)).sum())) for i in range(n)])
        moved = max((hd - new).max(), (hu - fresh).max())
        hd, hu = new, fresh
        if moved <= 1e-11:
            break
    return (s / s.sum() * (1 - np.minimum(hd, hu))).sum()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_equations_as_written(seed: int, replaceable: bool) -> None:
    rng = np.random.default_rng(seed)
    n, sectors = 9, 4
    ends = rng.integers(0, n, (24, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    value = rng.uniform(1, 10, len(ends)).round(2)
    sector = rng.integers(0, sectors, n)
    roles = rng.integers(0, 3, (sectors, sectors)).astype(np.int8)
    sold = np.bincount(ends[:, 0], value, minlength=n)
    bought = np.bincount(ends[:, 1], value, minlength=n)
    revenue, cost = sold * 1.3 + 1, bought * 1.2 + 1
    made = cascade_of(ends[:, 0], ends[:, 1], value, sector, roles, revenue=revenue, cost=cost)
    found = follow_failures(made, np.arange(n), is_replaceable=replaceable, eps=1e-11)
    rows = [(int(a), int(b), v) for (a, b), v in zip(ends, value, strict=True)]
    for firm in (0, 4, 8):
        told = by_hand(rows, sector, roles, firm, replaceable, revenue, cost)
        assert found.both[firm] == pytest.approx(told, abs=1e-9)


def test_more_essential_inputs_never_lose_less() -> None:
    rng = np.random.default_rng(7)
    n = 40
    ends = rng.integers(0, n, (200, 2))
    value, sector = rng.lognormal(size=200), rng.integers(0, 5, n)
    mild = np.ones((5, 5), dtype=np.int8)
    cost = np.bincount(ends[:, 1], value, minlength=n) * 1.5 + 1
    sold = np.bincount(ends[:, 0], value, minlength=n) * 1.5 + 1
    least, middle, hard = (
        follow_failures(
            cascade_of(ends[:, 0], ends[:, 1], value, sector, roles, cost=cost, revenue=sold),
            np.arange(n),
            is_replaceable=soft,
        ).down
        for roles, soft in ((mild, True), (mild, False), (2 * mild, False))
    )
    assert (least <= middle + 1e-12).all() and (middle <= hard + 1e-9).all()
    assert (middle < hard - 1e-3).any() and (least < middle - 1e-3).any()


def test_what_comes_to_no_rest_says_so() -> None:
    """Two firms that hardly sell to anyone else lose little in each step, and in the end all."""
    made = cascade_of(
        np.array([0, 1, 0]),
        np.array([1, 0, 2]),
        np.array([99.0, 99.0, 1.0]),
        np.zeros(3, int),
        np.ones((1, 1), int),
    )
    cut = follow_failures(made, np.array([2]), most=9)
    assert cut.steps.tolist() == [9] and cut.up[0] < 0.2 and cut.left[0] > 1e-3
    whole = follow_failures(made, np.array([2]))
    assert whole.up[0] == pytest.approx(1.0, abs=1e-9) and whole.steps[0] < 20 and whole.left[0] <= 1e-9


def test_losses_that_grow_slowly_are_followed_to_their_end() -> None:
    """Everybody needs everybody a little: most of all fails at last, after thousands of small steps."""
    rng = np.random.default_rng(3)
    n = 600
    seller, buyer = rng.integers(0, n, (2, 4 * n))
    kept = seller != buyer
    value = rng.lognormal(0, 2, int(kept.sum()))
    sector = rng.integers(0, 3, n)
    roles = np.full((3, 3), ROLES["essential"], dtype=np.int8)
    made = cascade_of(seller[kept], buyer[kept], value, sector, roles)
    for replaceable in (False, True):
        found = follow_failures(made, np.arange(5), is_replaceable=replaceable, eps=1e-9)
        assert (found.left <= 1e-9).all() and (found.steps < 100).all()
        for firm in range(5):
            lost = np.zeros(n)
            lost[firm] = 1.0
            for _ in range(6000):
                felt = lost
                if replaceable:
                    still = np.bincount(sector, made.size * (1 - lost))
                    still[still <= 1e-10] = 1.0
                    felt = lost * np.minimum(1.0, made.size / still[sector])
                lost = np.minimum(np.maximum.reduceat(made.down.rows @ felt, made.down.start), 1.0)
                lost[firm] = 1.0
            assert found.down[firm] == pytest.approx((made.size * lost).sum() / made.size.sum(), abs=1e-6)
