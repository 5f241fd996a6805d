"""How a person names things in English: a variant by what is different, an item of an order, a card, an address."""

from collections.abc import Mapping, Sequence

from benchmarks.tau_goals import Goal, Item, Method

OPTIONS = {
    "color": "in {}",
    "size": "in size {}",
    "material": "made of {}",
    "style": "with a {}",
    "type": "of the {} type",
    "dial color": "with a {} dial",
    "frame color": "with a {} frame",
    "lens color": "with {} lenses",
    "strap material": "with a {} strap",
    "band material": "with a {} band",
    "switch type": "with {} switches",
    "backlight": "with {} backlight",
    "compatibility": "compatible with {}",
    "brightness": "with {} brightness",
    "power source": "powered by {}",
    "capacity": "with {} capacity",
    "skin tone": "for {} skin",
    "kit size": "in the {} kit size",
    "brand": "from {}",
    "ventilation": "with {} ventilation",
    "piece count": "in the {} version",
    "features": "with {}",
    "length": "{} long",
    "screen size": "with a {} screen",
    "processor": "with an {} processor",
    "ram": "with {} of RAM",
    "RAM": "with {} of RAM",
    "storage": "with {} storage",
    "resolution": "with {} resolution",
    "zoom": "with {} zoom",
    "pressure": "with {} pressure",
    "pieces": "with {} pieces",
    "theme": "with the {} theme",
    "difficulty level": "at {} level",
    "stovetop compatibility": "for a {} stovetop",
    "battery life": "with {} of battery life",
    "frame size": "with a {} frame",
    "zipper": "with a {} zipper",
    "room size": "for a {} room",
}
"""Option → what people say; "{}" is the value. Others read "with {value} {option}"."""
SPECIAL = {
    ("backlight", "none"): "without a backlight",
    ("features", "none"): "without extra features",
    ("waterproof", "yes"): "that is waterproof",
    ("waterproof", "no"): "that isn't waterproof",
    ("water resistance", "yes"): "that is water resistant",
    ("water resistance", "no"): "that isn't water resistant",
    ("water resistance", "not resistant"): "that isn't water resistant",
}
BEFORE_THE_NOUN = frozenset(["color", "material", "type", "piece count", "screen size", "difficulty level"])
"""Options whose values can stand before "one"."""
SOURCES = {"paypal": "PayPal", "gift_card": "gift card", "credit_card": "credit card"}
BRANDS = {"visa": "Visa", "mastercard": "Mastercard", "amex": "American Express"}


def trait(option: str, value: str) -> str:
    """ "with clicky switches" """
    return SPECIAL.get((option, value)) or OPTIONS.get(option, "with {} " + option).format(value)


def one_with(options: Mapping[str, str], *, in_front: bool = False) -> str:
    """ "one in purple, made of polyester"; with `in_front`, where English allows it, "a purple polyester one"."""
    if in_front and options.keys() <= BEFORE_THE_NOUN:
        return f"the {' '.join(options.values())} one"
    return f"one {listed([trait(*pair) for pair in options.items()])}"


def item_name(item: Item) -> str:
    """ "the 28 inch long skateboard" is said as "the skateboard 28 inch long"; a lone one is just "the skateboard"."""
    name = f"the {item.name if item.name.isupper() or '-' in item.name else item.name.lower()}"
    return " ".join([name, *(trait(*pair) for pair in item.marks.items())])


def item_names(items: Sequence[Item]) -> list[str]:
    """Each as it is called here; the second of two that nothing tells apart is "the other"."""
    names: list[str] = []
    for item in items:
        name = item_name(item)
        names.append(name if name not in names else name.replace("the ", "the other ", 1))
    return names


def listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def swaps(goal: Goal, verb: str = "for", *, in_front: bool = False) -> str:
    """ "the keyboard for one with clicky switches and the lamp for one in black" """
    pairs = zip(item_names(goal.items), goal.items, strict=True)
    return listed([f"{name} {verb} {one_with(item.changes, in_front=in_front)}" for name, item in pairs])


def method_names(method: Method) -> list[str]:
    """What its owner may call it, the plainest first."""
    if method.source != "credit_card":
        return [SOURCES[method.source], f"my {SOURCES[method.source]}"]
    brand = BRANDS.get(method.brand, method.brand)
    return [f"the {brand}", f"my {brand} card", f"the card ending in {method.last_four}"]


def is_named(method: Method, text: str) -> bool:
    """Whether a text of the bot speaks of this payment method."""
    low = text.lower()
    if method.source != "credit_card":
        return SOURCES[method.source].lower() in low
    return method.last_four in low or BRANDS.get(method.brand, method.brand).lower() in low


def address_line(address: Mapping[str, str]) -> str:
    """ "445 Maple Drive, Suite 394, Fort Worth, TX 76165, USA" """
    street = [address["address1"], address["address2"], address["city"]]
    return ", ".join([*(part for part in street if part), f"{address['state']} {address['zip']}", address["country"]])
