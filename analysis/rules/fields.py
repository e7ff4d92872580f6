"""The facts of a flow that a rule may ask about."""

__all__ = [
    "BOUND_FIELDS",
    "DESCRIPTIONS",
    "FIELDS",
    "FLOW_KINDS",
    "KIND_CHANNELS",
    "LIST_FIELDS",
    "PLAIN_KIND",
    "TAG_FIELDS",
    "TEXT_FIELDS",
    "THROUGH_FIELDS",
]

FLOW_KINDS: dict[str, str] = {
    "trade": "something is sold: a sale of the seller, a purchase of the buyer",
    "re-export": "something bought is sold on to another country as it is",
    "use": "something bought is used, whoever made it",
    "cooperation": "joint research or development: the seller shares, the buyer receives",
    "data": "data are handed over, from the seller to the buyer",
    "investment": "the seller puts money into the buyer",
    "staff": "a person works or studies at the buyer, from or for the seller",
}
"""What passes between the two parties; a link of the supply network is `trade`."""

KIND_CHANNELS: dict[str, str] = {
    "cooperation": "technology",
    "use": "technology",
    "investment": "capital",
    "data": "data",
    "staff": "people",
}
"""What a firm has a total of, for each kind that is not of goods sold or sold on."""

PLAIN_KIND = "trade"
"""Kind of a flow that says none."""

FIELDS: dict[str, str] = {
    "flow_kind": "what passes: " + ", ".join(FLOW_KINDS),
    "seller_country": "country the item is sold from (country of export), ISO 3166 alpha-2",
    "buyer_country": "country it is sold to (destination)",
    "seller_kind": "kind of the seller: military, defence, government, contractor, ...",
    "buyer_kind": "kind of the buyer",
    "seller_lists": "lists the seller stands on, on the day",
    "buyer_lists": "lists the buyer stands on, on the day",
    "hs": "Harmonized System code of the item, digits only",
    "eccn": "export control classification number, EAR99 where none applies",
    "technology": "tags of the item",
    "origin": "country of origin of the item",
    "region": "region of origin, ISO 3166-2, such as CN-XJ",
    "direct_product": "yes or no: direct product of controlled US technology, software or plant",
    "end_use": "tags of what the buyer uses it for: military, advanced-node chips, ...",
    "person_country": "nationality of the person who works, supports or receives technology, ISO alpha-2",
    "currency": "currency of payment, ISO 4217",
    "us_content": "controlled US content for the destination over the price, bounds",
    "cn_content": "controlled Chinese content over the price, bounds",
    "stake": "share of the buyer that an investment gives, 0 to 1",
    "growth": "growth of capacity that an investment brings, share of the capacity before",
    "us_through": "share of the seller's inputs that leads to the United States, look-through",
    "cn_through": "share of the seller's inputs that leads to China, look-through",
}
"""Fields of gates.csv; an empty fact is not known, except lists where the parties were screened."""

LIST_FIELDS = ("seller_lists", "buyer_lists")
"""Fields that hold the lists of a party."""

TAG_FIELDS = ("technology", "end_use", *LIST_FIELDS)
"""Fields that hold several words joined by `;`."""

BOUND_FIELDS = ("us_content", "cn_content", "stake", "growth", "us_through", "cn_through")
"""Fields that hold a number, known exactly or as bounds."""

TEXT_FIELDS = tuple(name for name in FIELDS if name not in BOUND_FIELDS)
"""Fields that hold words."""

THROUGH_FIELDS = ("us_through", "cn_through")
"""Look-through content: it can only trigger a review, never decide."""

DESCRIPTIONS = ("hs", "technology")
"""Two ways of saying what an item is: alternatives over both are known where one is known."""
