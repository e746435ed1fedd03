"""Reads which part of the client list a request asks for."""

from collections.abc import Mapping

from voc.accounts.queries import SORTS, WHICH, Wanted
from voc.core.errors import Invalid

_LONGEST = 200


def read_wanted(args: Mapping[str, str]) -> Wanted:
    """The filter in the URL; Invalid naming the first value no list has."""
    which, sort = args.get("which", "all"), args.get("sort", "name")
    if which not in WHICH:
        raise Invalid(f"There is no list “{which[:20]}”.", fields={"which": f"one of {', '.join(WHICH)}"})
    if sort not in SORTS:
        raise Invalid(f"The list has no order “{sort[:20]}”.", fields={"sort": f"one of {', '.join(SORTS)}"})
    words = {
        name: args.get(name, "")[:_LONGEST].replace("\x00", "")
        for name in ("segment", "service", "owner", "q")
    }
    return Wanted(which, words["segment"], words["service"], words["owner"], words["q"], sort)
