"""Colours of the meanings stay apart for readers who see colours otherwise; in grey print they do not.

Simulation: Machado, Oliveira and Fernandes (2009), A physiologically-based model for simulation of color
vision deficiency, IEEE TVCG 15(6), table of matrices at severity 1.0, applied to linear RGB. Distance: CIE
1976 in CIELAB under D65, in which about 2.3 is just seen (Mahy, van Eycken and Oosterlinck 1994).
"""

from itertools import combinations

import numpy as np
import pytest

from dashboard.colours import DARK, LIGHT, Palette

SEEN = {
    "all colours": np.eye(3),
    "no long cones (protanopia)": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no middle cones (deuteranopia)": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no short cones (tritanopia)": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
APART = 15.0
"""Least distance of two meanings: more than six times what is just seen."""

MEANINGS = ("us", "cn", "both", "quiet")


def _linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _lab(linear: np.ndarray) -> np.ndarray:
    """CIELAB of linear RGB, clipped to what a screen can show."""
    ratio = TO_XYZ @ np.clip(linear, 0, 1) / WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def _distance(one: str, other: str, seen: np.ndarray) -> float:
    return float(np.linalg.norm(_lab(seen @ _linear(one)) - _lab(seen @ _linear(other))))


def test_the_distance_is_that_of_known_pairs() -> None:
    assert _distance("#ffffff", "#000000", np.eye(3)) == pytest.approx(100, abs=0.01)
    assert _lab(_linear("#ff0000")) == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    red, green = (SEEN["no middle cones (deuteranopia)"] @ _linear(one) for one in ("#ff0000", "#00ff00"))
    assert abs(_lab(red)[2] - _lab(green)[2]) < 25 < abs(_lab(red)[1] - _lab(_linear("#00ff00"))[1])


@pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("eyes", SEEN)
def test_meanings_stay_apart(ground: Palette, eyes: str) -> None:
    found = {
        (one, other): round(_distance(getattr(ground, one), getattr(ground, other), SEEN[eyes]), 1)
        for one, other in combinations(MEANINGS, 2)
    }
    assert {pair: apart for pair, apart in found.items() if apart < APART} == {}


@pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])
def test_grey_print_tells_marks_from_their_ground_and_not_the_sides(ground: Palette) -> None:
    """Sides differ in hue, not in lightness: in grey they are told by words, place and hatching."""
    light = {name: _lab(_linear(getattr(ground, name)))[0] for name in (*MEANINGS, "ground")}
    assert min(abs(light[name] - light["ground"]) for name in MEANINGS) > 45
    assert abs(light["us"] - light["cn"]) < 5
