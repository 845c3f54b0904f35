"""How far a number is to be trusted: the kinds of evidence, strongest first, never mixed in one headline."""

from enum import IntEnum

from core.texts import Text


class Tier(IntEnum):
    """Only the first says that a model is right; the others say that the code is."""

    OBSERVED = 1
    DOCUMENT = 2
    IMPLEMENTATION = 3
    PEER = 4
    SECONDARY = 5
    NONE = 6

    @property
    def title(self) -> Text:
        """What it is called on screen."""
        return TITLES[self]


TITLES = {
    Tier.OBSERVED: Text("一级证据:与实测比对", "Tier 1: compared with measurements"),
    Tier.DOCUMENT: Text("二级证据:重现已发表的算例或表", "Tier 2: reproduces a published example or table"),
    Tier.IMPLEMENTATION: Text("三级证据:与另一程序的公式值一致", "Tier 3: agrees with another program's formula"),
    Tier.PEER: Text("四级证据:与常用软件的输出相近", "Tier 4: close to what a tool in use prints"),
    Tier.SECONDARY: Text("五级证据:与转引的数值一致", "Tier 5: agrees with a quotation"),
    Tier.NONE: Text("未核实:没有可比对的依据", "Unverified: nothing to compare with"),
}


def tier_of(kind: str) -> Tier:
    """The tier of a golden case, by its kind.

    >>> tier_of("field_observation"), tier_of("published_table")
    (<Tier.OBSERVED: 1>, <Tier.DOCUMENT: 2>)
    """
    if kind.startswith("secondary"):
        return Tier.SECONDARY
    if kind.startswith(("published", "regulatory")) or kind == "table":
        return Tier.DOCUMENT
    return {
        "field_observation": Tier.OBSERVED,
        "reference_implementation": Tier.IMPLEMENTATION,
        "peer_output": Tier.PEER,
    }.get(kind, Tier.NONE)
