"""What the two doors to a question share: the pages that a client sees, whichever door they came by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Response, request

from voc.checks.asked import AskedShown
from voc.checks.models import SAYS
from voc.checks.stopping import StopShown
from voc.intake.forms import as_typed
from voc.web.pages import page


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the buttons of one ask lead; `home` is None where nobody is signed in.

    `beside` leads to the other questions of the same mail, by public id.
    """

    answer: str
    thanks: str
    pass_on: str
    not_me: str
    stop: str
    home: str | None = None
    beside: Mapping[str, str] = field(default_factory=dict)


def question_page(
    shown: AskedShown, ways: Ways, *, status: int = 200, errors: Mapping[str, str] | None = None
) -> Response:
    """The question with its five answers; `?says=` marks one of them and records nothing."""
    if not shown.is_open:
        return page("checks/closed.html", status=410, shown=shown, ways=ways)
    picked = request.args.get("says", "")
    return page(
        "checks/answer.html",
        status=status,
        shown=shown,
        ways=ways,
        picked=picked if picked in SAYS else "",
        errors=errors or {},
        typed=as_typed(request) if errors else {},
    )


def thanks_page(shown: AskedShown, ways: Ways) -> Response:
    """What happens with the answer, until when it can be changed; the question itself before any answer."""
    if shown.given is None:
        return question_page(shown, ways)
    return page("checks/thanks.html", shown=shown, ways=ways)


def passed_page(shown: AskedShown, ways: Ways) -> Response:
    """Says what became of a question that went to somebody else; the question itself while it is theirs."""
    if shown.state not in {"passed", "left_out"}:
        return question_page(shown, ways)
    return page("checks/passed.html", shown=shown, ways=ways)


def stop_page(shown: StopShown, stop_url: str, undo_url: str, *, ways: Ways | None = None) -> Response:
    """Asks once more before nobody asks this person again; afterwards offers to take it back."""
    return page("checks/stop_asking.html", shown=shown, stop_url=stop_url, undo_url=undo_url, ways=ways)


def gone_page() -> Response:
    """For a link that opens nothing: it tells nothing either, but the way on."""
    return page("checks/link_gone.html", status=410)
