"""The facts of a flow that a rule may ask about."""

__all__ = ["BOUND_FIELDS", "DESCRIPTIONS", "FIELDS", "LIST_FIELDS", "TAG_FIELDS", "THROUGH_FIELDS"]

FIELDS: dict[str, str] = {
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
    "us_content": "controlled US content for the destination over the price, bounds",
    "cn_content": "controlled Chinese content over the price, bounds",
    "us_through": "share of the seller's inputs that leads to the United States, look-through",
    "cn_through": "share of the seller's inputs that leads to China, look-through",
}
"""Fields of gates.csv; an empty fact is not known, except lists where the parties were screened."""

LIST_FIELDS = ("seller_lists", "buyer_lists")
"""Fields that hold the lists of a party."""

TAG_FIELDS = ("technology", *LIST_FIELDS)
"""Fields that hold several words joined by `;`."""

BOUND_FIELDS = ("us_content", "cn_content", "us_through", "cn_through")
"""Fields that hold a number known as bounds."""

THROUGH_FIELDS = ("us_through", "cn_through")
"""Look-through content: it can only trigger a review, never decide."""

DESCRIPTIONS = ("hs", "technology")
"""Two ways of saying what an item is: alternatives over both are known where one is known."""
