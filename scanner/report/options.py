"""What a caller can ask of a format."""

from typing import Literal, NamedTuple

from scanner.core.result import Severity


class RenderOptions(NamedTuple):
    """Options shared by all formats; each format reads those that concern it.

    `colour` and `width` (characters of a line) are for text; `sarif_category` becomes `automationDetails.id`;
    `mask_accounts` leaves of each AWS account's number the last four digits.
    `fail_on` is only told to the reader: no format decides an exit status. The json format lists suppressed and
    baselined findings always, since every result carries its status.
    """

    colour: bool = False
    width: int = 100
    show_suppressed: bool = False
    show_passed: bool = False
    sarif_category: str = ""
    fail_on: Severity | Literal["never"] = "low"
    mask_accounts: bool = False
