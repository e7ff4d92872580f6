"""Each part of a View has a control, and going to its address shows what the control shows in place."""

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.pages.comparison import compare_firms
from dashboard.pages.drawer import show_drawer
from dashboard.pages.grid import shown_words
from dashboard.pages.pressure import show_pressure
from dashboard.pages.what_if import what_if_panel, what_if_result
from dashboard.selection import View, read_address
from dashboard.shelf import Shelf, open_shelf
from tests.dashboard.test_passed_over import _shown

_SCRIPT = (Path(__file__).parents[2] / "dashboard" / "assets" / "address.js").read_text(encoding="utf-8")

_CONTROLS = {
    "lang": ("briefing", "", '"data-part": "lang"'),
    "theme": ("briefing", "", '"data-part": "theme"'),
    "firm": ("suppliers", "", '"data-turn": "firm"'),
    "q": ("pressure", "", r"\"part\": \"q\""),
    "sector": ("pressure", "", '"data-turn": "sector"'),
    "tier": ("pressure", "", '"data-turn": "tier"'),
    "compare": ("pressure", "firm=T001", '"data-act": "compare"'),
    "question": ("survey", "", '"data-turn": "question"'),
    "by": ("survey", "", '"data-turn": "by"'),
    "option": ("survey", "by=sector", '"data-turn": "option"'),
    "base": ("survey", "", '"data-turn": "base"'),
    "seed": ("suppliers", "", '"data-turn": "seed"'),
    "scenario": ("scenarios", "", '"data-turn": "scenario"'),
    "stat": ("scenarios", "", '"data-turn": "stat"'),
    "own": ("scenarios", "", '"id": "own-text"'),
    "day": ("rules", "", '"data-turn": "day"'),
    "span": ("rules", "", '"data-turn": "span"'),
    "side": ("rules", "", '"data-turn": "side"'),
    "state": ("rules", "", '"data-turn": "state"'),
    "instrument": ("rules", "", '"data-turn": "instrument"'),
    "pair": ("rules", "", '"data-turn": "pair"'),
    "flow": ("pressure", "firm=T001", '"data-turn": "flow"'),
    "substitutability": ("pressure", "firm=T001", '"what-if-substitutability"'),
    "share": ("pressure", "firm=T001&flow=L0", '"what-if-share"'),
    "dormant": ("pressure", "firm=T001", '"what-if-dormant"'),
    "sort": ("pressure", "", '"sortable": true'),
}
"""Part of the View to a page, an address at which its control is shown, and the mark of the control."""

_TURNED = [
    ("survey", "question=had_to_choose"),
    ("survey", "question=had_to_choose&by=sector&option=2"),
    ("survey", "question=impact_type&base=routed"),
    ("suppliers", "seed=country%3DUS"),
    ("suppliers", "firm=T001"),
    ("rules", "side=us&state=suspended&span=all"),
    ("rules", "day=2020-01-01"),
    ("scenarios", "stat=us"),
]


def test_every_part_of_a_view_is_known_here() -> None:
    assert set(_CONTROLS) == {one.name for one in fields(View)} - {"passed"}


@pytest.mark.parametrize(
    "part", [one for one in _CONTROLS if one != "own"]
)  # tests/browser/test_own_scenario
def test_every_part_of_a_view_has_a_control(internal_client: FlaskClient, part: str) -> None:
    page, search, mark = _CONTROLS[part]
    assert mark in _shown(internal_client, page, search)


@pytest.mark.parametrize("part", [one for one in _CONTROLS if one not in ("lang", "theme")])
def test_going_back_reaches_every_part_but_those_that_load_the_page_anew(part: str) -> None:
    told = _SCRIPT[_SCRIPT.index("var SPREAD") : _SCRIPT.index("var SLIDERS")]
    assert f'"{part}"' in told or f'is.get("{part}")' in _SCRIPT


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize(("page", "search"), _TURNED)
def test_an_address_shows_what_its_control_shows(
    internal_client: FlaskClient, public_client: FlaskClient, page: str, search: str, lang: str
) -> None:
    for client in (internal_client, public_client):
        whole = json.loads(_shown(client, page, f"lang={lang}&{search}"))
        rest = json.loads(_shown(client, page, f"lang={lang}"))
        view = _found(whole, f"{page}-view")
        assert view == _turned(client, page, f"lang={lang}&{search}")
        _without(whole, f"{page}-view")
        _without(rest, f"{page}-view")
        assert _same(whole) == _same(rest), "what stands around the view does not follow its control"


_PARTS: dict[str, tuple[str, Callable[[Shelf, View], Any]]] = {
    "drawer": ("firm=T001", show_drawer),
    "compared": ("compare=T001,T002", compare_firms),
    "shown": ("q=Made-up+7&sector=b&tier=2", shown_words),
    "what-if": ("firm=T001&dormant=0.5", what_if_panel),
    "what-if-result": ("firm=T001&dormant=0.5&share=0.1", what_if_result),
}


@pytest.mark.parametrize("part", _PARTS)
def test_parts_of_pressure_are_the_same_by_address_and_by_control(internal: Path, part: str) -> None:
    search, show = _PARTS[part]
    shelf, view = open_shelf(internal), read_address(f"?{search}")
    page = _plain(show_pressure(shelf, view))
    assert _found(page, part) == _plain(show(shelf, view))


def _plain(part: Any) -> Any:
    from plotly.utils import PlotlyJSONEncoder

    return json.loads(json.dumps(part, cls=PlotlyJSONEncoder))


def _turned(client: FlaskClient, page: str, search: str) -> Any:
    asked = {"id": f"asked-{page}", "property": "data", "value": f"?{search}"}
    ground = {"id": "ground", "property": "data", "value": {"ground": "light", "narrow": False}}
    body = {
        "output": f"{page}-view.children",
        "outputs": {"id": f"{page}-view", "property": "children"},
        "inputs": [asked],
        "state": [ground],
        "changedPropIds": [f"asked-{page}.data"],
    }
    answer = client.post("/_dash-update-component", json=body)
    return answer.get_json()["response"][f"{page}-view"]["children"]


def _found(part: Any, name: str) -> Any:
    """Children of the component with an id; None where there is none."""
    if isinstance(part, dict):
        if part.get("id") == name:
            return part.get("children")
        part = list(part.values())
    if isinstance(part, list):
        return next((found for one in part if (found := _found(one, name)) is not None), None)
    return None


def _without(part: Any, name: str) -> None:
    """Takes the children of the component with an id away."""
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _without(one, name)
    if isinstance(part, dict) and part.get("id") == name:
        part["children"] = None


def _same(part: Any) -> Any:
    """A page without the targets of links that the script of the address keeps in step."""
    if isinstance(part, dict):
        is_kept = "data-part" in part or "data-path" in part
        return {key: _same(one) for key, one in part.items() if not (is_kept and key == "href")}
    return [_same(one) for one in part] if isinstance(part, list) else part
