"""What a change may be: each word of `do`, what it means, and the keys it takes."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["KINDS", "PAIR_KEYS", "TEST_KEYS", "Kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change.

    Attributes
    ----------
    meaning : str
    needs, may : Mapping[str, str]
        Keys it needs and keys it may have, to what stands in them: `text`, `texts` (one or several), `date`,
        `number`, `share` (0 to 1), `titles` (by language), `tests`, `pairs`, or a choice `a|b`.
    """

    meaning: str
    needs: Mapping[str, str]
    may: Mapping[str, str]


KINDS: Mapping[str, Kind] = {
    "set": Kind(
        "an instrument is in force, whatever the catalogue says",
        {"instrument": "texts"},
        {"branch": "text", "from": "date", "to": "date"},
    ),
    "suspend": Kind(
        "an instrument is suspended",
        {"instrument": "texts"},
        {"branch": "text", "from": "date", "to": "date"},
    ),
    "reinstate": Kind(
        "the suspensions of an instrument end: from a day on it is in force again",
        {"instrument": "texts"},
        {"branch": "text", "from": "date"},
    ),
    "move": Kind(
        "a day on which an interval of an instrument starts becomes another day",
        {"instrument": "texts", "date": "date", "becomes": "date"},
        {"branch": "text"},
    ),
    "threshold": Kind(
        "a threshold of an instrument, its operator, or both become others",
        {"instrument": "texts", "field": "text"},
        {"branch": "text", "was": "number", "value": "number", "operator": "text"},
    ),
    "widen": Kind(
        "tests of an instrument catch more values of a field: further technologies, codes, lists, countries",
        {"instrument": "texts", "field": "text", "values": "texts"},
        {"branch": "text"},
    ),
    "list": Kind(
        "parties are put on a list",
        {"list": "text"},
        {
            "parties": "texts",
            "country": "texts",
            "kind": "texts",
            "buys": "texts",
            "sells": "texts",
            "from": "date",
            "to": "date",
            "program": "text",
        },
    ),
    "delist": Kind("parties are taken off a list", {"list": "text", "parties": "texts"}, {}),
    "add": Kind(
        "an instrument that does not exist, with its tests",
        {"id": "text", "jurisdiction": "text", "title": "titles", "tests": "tests"},
        {
            "mechanism": "text",
            "from": "date",
            "to": "date",
            "pairs": "pairs",
            "punished_as": "text",
            "punishes_as": "text",
        },
    ),
    "join": Kind(
        "other states make the same rule for what is sold from them; it counts on the side of the first",
        {"instrument": "texts", "countries": "texts"},
        {"from": "date", "to": "date"},
    ),
    "align": Kind(
        "a rule of another state goes together with a rule of a side, and counts on that side",
        {"instrument": "texts", "with": "text"},
        {"from": "date", "to": "date"},
    ),
    "remove": Kind(
        "suppliers or customers are gone: those of a country, or some by their id",
        {},
        {
            "country": "texts",
            "parties": "texts",
            "of": "inputs|sales|both",
            "products": "texts",
            "rest": "gone|others",
        },
    ),
    "shift": Kind(
        "a share of what goes to (or comes from) a country goes to another",
        {"of": "sales|inputs", "from_country": "texts", "to_country": "text", "share": "share"},
        {"firms": "texts", "products": "texts"},
    ),
}
"""Words of `do`. Every change may also have `why` and `source`."""

TEST_KEYS: Mapping[str, str] = {
    "gate": "bound|subject|licence|exception|review|risk",
    "field": "text",
    "operator": "text",
    "value": "text or number",
    "outcome": "text",
    "clause": "text",
    "branch": "text",
    "order": "number",
    "note": "text",
}
"""Keys of a row of `tests`, as the columns of gates.csv; only `field`, `operator` and `value` are needed."""

PAIR_KEYS: Mapping[str, str] = {
    "clause": "text",
    "act": "text",
    "article": "text",
    "addressee": "text",
    "trigger": "text",
    "status": "duty|dormant|exercised",
    "channel": "sales|inputs",
    "hurt": "text",
    "clause_outcome": "text",
    "kind": "text",
    "binds": "text",
}
"""Keys of a row of `pairs`, as the columns of collisions.csv; the duty is the instrument that is added."""
