"""Words of collisions.csv: how far a clause goes, what is pulled apart, whom it binds, where pairs meet."""

from collections.abc import Mapping

from analysis.rules.fields import FLOW_KINDS, PLAIN_KIND

__all__ = ["BINDS", "CHANNELS", "COLLISION_KINDS", "HURT", "MEETS", "STATUSES"]

STATUSES = ("duty", "dormant", "exercised")
"""How far a punishing clause goes: it forbids the act outright, it could be used, it was used."""

COLLISION_KINDS: Mapping[str, str] = {
    "cut off": "one side says cut off, the other must not cut off",
    "disclose": "one side says disclose, the other must not disclose",
    "source from": "one side says do not source from there, the other do not turn away",
}
"""What two duties pull apart."""

BINDS: Mapping[str, str] = {
    "anyone": "anybody",
    "CN": "persons in China, such as a subsidiary there",
    "not CN": "persons outside China",
    "US": "persons in the United States",
}
"""Whom a punishing clause binds."""

MEETS: Mapping[str, str] = {
    "flow": "the duty touches the flow that is at stake",
    "party": "the duty touches another flow of the firm with the same party, on the channel `duty_channel`",
}
"""Where the two duties of a pair meet."""

CHANNELS = ("sales", "inputs", *(kind for kind in FLOW_KINDS if kind != PLAIN_KIND))
"""Channels of a flow: trade is the firm's sales or its inputs."""

HURT = ("seller_country", "buyer_country", "origin")
"""Facts of the flow at stake of which one must be in China, so that the clause protects somebody."""
