"""One firm and the suppliers on its largest paths, tier by tier: where each stands, and the lines between."""

from base64 import b64encode
from dataclasses import dataclass

import pandas as pd

from dashboard.colours import palette

__all__ = ["MOST_NODES", "Ego", "Node", "draw_lines", "place_paths", "point_on"]

MOST_NODES = 20
"""Nodes of a picture, the firm itself included; paths that would need more are left out."""

_MOST_IN_TIER = 7
_HALF = 0.35
"""Half the width of a node, of the width of a tier."""


@dataclass(frozen=True, slots=True)
class Node:
    """A firm at a tier.

    Attributes
    ----------
    tier : int
        0 the firm, 1 its suppliers, and so on.
    party, country : str
        Id, and code of the country the links say ("" for the firm itself).
    is_end : bool
        Whether a path ends here: it meets the country looked at.
    x, y : float
        0 to 1, middle of the node.
    """

    tier: int
    party: str
    country: str
    is_end: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Ego:
    """A placed picture.

    Attributes
    ----------
    nodes : tuple[Node, ...]
        The firm first, then tier by tier from the top.
    edges : tuple[tuple[int, int, float], ...]
        Place of buyer and of supplier in `nodes`, and the share of the buyer's inputs.
    tiers, rows : int
        Tiers beyond the firm, and the most nodes in one.
    paths : int
        Paths that are drawn.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int, float], ...]
    tiers: int
    rows: int
    paths: int

    @property
    def half(self) -> float:
        """Half the width of a node."""
        return _HALF / (self.tiers + 1)


def place_paths(steps: pd.DataFrame, firm: str) -> Ego | None:
    """The largest paths of a firm as tiers: as many as fit into `MOST_NODES` nodes, and 7 of one tier.

    Parameters
    ----------
    steps : pandas.DataFrame
        Rows of `trace` of one firm and seed: `path`, `step`, `from`, `to`, `country`, `share`.

    Returns
    -------
    Ego or None
        None without a path. A tier keeps the order of the paths, so that lines cross little; a supplier
        that stands at two tiers is drawn at both, so that every line leads one tier on.
    """
    keys: dict[tuple[int, str], str] = {}
    ends: set[tuple[int, str]] = set()
    lines: dict[tuple[tuple[int, str], tuple[int, str]], float] = {}
    drawn = 0
    for _, path in steps.groupby("path", sort=True):
        there = {(int(r["step"]), str(r["to"])): str(r["country"]) for r in path.to_dict(orient="records")}
        both = [tier for tier, _ in {*keys, *there}]
        if len(both) + 1 > MOST_NODES or max(both.count(tier) for tier in both) > _MOST_IN_TIER:
            continue
        keys |= {key: country for key, country in there.items() if key not in keys}
        for r in path.to_dict(orient="records"):
            step = int(r["step"])
            lines[(step - 1, str(r["from"])), (step, str(r["to"]))] = float(r["share"])
        ends.add(max(there))
        drawn += 1
    if not keys:
        return None
    tiers = max(tier for tier, _ in keys)
    columns = {tier: [key for key in keys if key[0] == tier] for tier in range(1, tiers + 1)}
    nodes = [Node(0, firm, "", False, 0.5 / (tiers + 1), 0.5)]
    for tier, column in columns.items():
        x = (tier + 0.5) / (tiers + 1)
        nodes += [
            Node(tier, key[1], keys[key], key in ends, x, (at + 0.5) / len(column))
            for at, key in enumerate(column)
        ]
    places = {(node.tier, node.party): at for at, node in enumerate(nodes)}
    edges = [(places[a], places[b], share) for (a, b), share in lines.items()]
    return Ego(tuple(nodes), tuple(edges), tiers, max(len(column) for column in columns.values()), drawn)


def draw_lines(ego: Ego, ground: str) -> str:
    """The lines of a picture as the address of an SVG that fills its box, whatever that box measures.

    A line is as wide as the share it stands for, from 1 to 10 pixels.
    """
    ink = palette(ground)
    parts = []
    for buyer, supplier, share in ego.edges:
        a, b = ego.nodes[buyer], ego.nodes[supplier]
        left, right = 1000 * (a.x + ego.half), 1000 * (b.x - ego.half)
        middle = (left + right) / 2
        parts.append(
            f'<path d="M{left:.1f} {1000 * a.y:.1f}C{middle:.1f} {1000 * a.y:.1f} {middle:.1f} '
            f'{1000 * b.y:.1f} {right:.1f} {1000 * b.y:.1f}" stroke-width="{_width(share):.1f}" '
            f'vector-effect="non-scaling-stroke"/>'
        )
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000" preserveAspectRatio="none">'
        f'<g fill="none" stroke="{ink.quiet}" stroke-opacity=".45">{"".join(parts)}</g></svg>'
    )
    return "data:image/svg+xml;base64," + b64encode(svg.encode("utf-8")).decode("ascii")


def _width(share: float) -> float:
    return 1.0 + 9.0 * min(max(share, 0.0), 1.0)


def point_on(buyer: Node, supplier: Node, half: float) -> tuple[float, float]:
    """Where the number of a line stands: on the line, nearer to the supplier, where lines have parted."""
    left, right = buyer.x + half, supplier.x - half
    middle, t = (left + right) / 2, 0.6
    # a cubic whose inner points lie half way across, at the height of the near end
    x = (1 - t) ** 3 * left + 3 * t * (1 - t) * middle + t**3 * right
    rise = 3 * (1 - t) * t**2 + t**3
    return x, buyer.y + (supplier.y - buyer.y) * rise
