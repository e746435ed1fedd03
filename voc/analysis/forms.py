"""What the buttons and fields of analysis send, as frozen values or field errors."""

from collections.abc import Mapping
from dataclasses import dataclass

from voc.analysis.rules import TAKEN
from voc.core.errors import Invalid

RISKS = ("escalation", "departure")
KINDS = ("theme", "severity", *RISKS)


@dataclass(frozen=True, slots=True)
class LabelWanted:
    """A person's word as its button sends it: `theme:billing:yes`."""

    kind: str
    value: str
    holds: bool


def label_wanted(form: Mapping[str, str]) -> LabelWanted:
    """The label that was pressed; Invalid when no page of ours could have sent it."""
    kind, _, rest = form.get("label", "").partition(":")
    value, _, answer = rest.rpartition(":")
    if kind not in KINDS or answer not in {"yes", "no"}:
        raise Invalid("Press one of the buttons.", fields={"label": "Press one of the buttons."})
    if kind in RISKS and value not in {"", TAKEN}:
        raise Invalid("Press one of the buttons.", fields={"label": "Press one of the buttons."})
    return LabelWanted(kind, value, answer == "yes")
