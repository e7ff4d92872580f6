"""Payloads as somebody who tampers would send them to every callback, and what no answer may hold."""

import random
import string
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["LEAKS", "bent_bodies", "nested", "true_bodies"]

LEAKS = ("Traceback", "site-packages", ".py", "/tmp", "/dev/shm", "/work", "/home", "Error:", "File \\")
"""Words of our insides: paths, modules, tracebacks."""

_GROUND = {"ground": "light", "narrow": False}
_ROWS = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}
_WRONG: tuple[Any, ...] = (
    *(0, -1, 1.5, 10**30, True, [], {}, [[]], [{}], {"a": {"b": 1}}),
    *("", "?", "x" * 3_900, "x" * 100_000, "\x00", "\ud800", "?lang=xx&firm=%00", "../../etc/passwd"),
    *("<script>alert(1)</script>", "' or 1=1 --", "?own=" + "A" * 3_000, "?day=9999-99-99&span=-1"),
    *("?question=nowhere&by=nowhere&option=nowhere&base=nowhere", "?tier=nan&sector=\u202e&sort=-firm"),
    *("?share=nan&dormant=inf&substitutability=1e400&flow=x&firm=T001", "?pair=a~b&instrument=" + "z" * 300),
    *({"ground": 1}, {"ground": "light", "narrow": "yes"}, {"startRow": "0"}, {"startRow": -5, "endRow": 1}),
    *(
        {"startRow": 10**12},
        {"sortModel": {}},
        {"sortModel": [1]},
        {"sortModel": [{"colId": 1, "sort": "asc"}]},
    ),
    {"sortModel": [{"colId": "__class__", "sort": "desc"}], "startRow": 0, "endRow": 10**9},
)


def nested(deep: int) -> str:
    """JSON of lists in lists."""
    return "[" * deep + "]" * deep


def true_bodies(callbacks: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a page of ours would send to each callback that the server answers."""
    return {name: _true(name, told) for name, told in callbacks.items() if "callback" in told}


def _true(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    parts = [part.rsplit(".", 1) for part in name.strip(".").split("...")]
    outputs = [{"id": one, "property": part.split("@")[0]} for one, part in parts]
    inputs, state = ([{**one, "value": _value(one)} for one in told[part]] for part in ("inputs", "state"))
    changed = [f"{one['id']}.{one['property']}" for one in inputs]
    shown = outputs if name.startswith("..") else outputs[0]
    return {"output": name, "outputs": shown, "inputs": inputs, "state": state, "changedPropIds": changed}


def _value(one: Mapping[str, str]) -> Any:
    if one["id"] == "ground":
        return _GROUND
    if one["property"] == "getRowsRequest":
        return _ROWS
    return "/" if one["property"] == "pathname" else "?lang=en&firm=T001"


def bent_bodies(body: Mapping[str, Any], rng: random.Random | None = None) -> Iterator[Any]:
    """The same with one thing wrong each time; with a generator, made-up values instead of the list's."""
    for part in ("inputs", "state"):
        for place, one in enumerate(body[part]):
            for value in _WRONG if rng is None else [_made_up(rng) for _ in range(8)]:
                yield {**body, part: _with(body[part], place, {**one, "value": value})}
            yield {**body, part: _with(body[part], place, {**one, "id": "other"})}
            yield {**body, part: _with(body[part], place, 7)}
        yield from (
            {**body, part: wrong} for wrong in (None, {}, "x", [], [None], [*body[part], *body[part]])
        )
    for key in ("output", "outputs", "changedPropIds"):
        yield from (
            {**body, key: wrong} for wrong in (None, 1, "", "no.such", {}, {"id": 1}, [1], ["x" * 9_000])
        )
        yield {other: value for other, value in body.items() if other != key}


def _with(held: list[Any], place: int, one: Any) -> list[Any]:
    return [*held[:place], one, *held[place + 1 :]]


def _made_up(rng: random.Random) -> Any:
    """A value at random: text, address with words at random, number, or lists and tables of them."""
    kind = rng.randrange(5)
    if kind == 0:
        return "".join(rng.choices(string.printable + "企業\u202e\x00", k=rng.randrange(60)))
    if kind == 1:
        keys = (
            "lang",
            "firm",
            "q",
            "sector",
            "tier",
            "compare",
            "question",
            "by",
            "base",
            "seed",
            "scenario",
        )
        keys += ("stat", "own", "day", "span", "side", "state", "instrument", "pair", "flow", "share", "sort")
        words = (
            "",
            "T001",
            "-1",
            "1e9",
            "nan",
            "%00",
            "..",
            "a~b",
            "2026-02-30",
            "country=CN",
            "en",
            "'",
            "企業",
        )
        return "?" + "&".join(f"{rng.choice(keys)}={rng.choice(words)}" for _ in range(rng.randrange(1, 8)))
    if kind == 2:
        return rng.choice((rng.random() * 10 ** rng.randrange(40), -rng.randrange(10**9), None, False))
    made = [_made_up(rng) for _ in range(rng.randrange(4))]
    return made if kind == 3 else {f"k{place}": one for place, one in enumerate(made)}
