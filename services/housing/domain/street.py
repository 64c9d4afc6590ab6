"""A street (街道): one of the district's nine, with the number of its communities as counted once."""

from dataclasses import dataclass

COUNTED = "官发〔2018〕15号 附件2"
"""The table that counts 116 communities in the nine streets, as of the end of 2018."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """`communities` is the document's figure, not how many the register holds."""

    code: str
    name: str
    communities: int
    source: str = COUNTED
