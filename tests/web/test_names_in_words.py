"""No page that shows words across clients says who stands in them: not a contact, not a client, not one of us."""

import re
from html import unescape
from itertools import product

import pytest
from apiflask import APIFlask
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import signed_in
from tests.web.test_other_clients import look
from tests.web.world import World, fill, make_world
from voc.analysis.models import Label, Reading, ReadingTheme
from voc.breadth.models import Evidence
from voc.core import clock, ids
from voc.core.config import Settings
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues import service
from voc.issues.models import Issue, Match, Proposal

SAID = (
    "Then Yevgenia Blaskowitz moved to Quorndon Mills, leocadia thrupp knew, so did Grace Blaskowitz and blaskowitz again. "
    "They have it at quorndon too, as Quorndon's quorndon_list at https://quorndon.example/portal/7 shows; tell "
    "@yevblaskowitz, TOMÁS O’BRIEN-NÚÑEZ, Tomas Obrien, Nguye\u0302\u0303n or Quorn\u200bdon at post.tellervane.example, "
    "12 High Street, Manchester M1 2AB, born 12/03/1980."
)
LEAKS = (
    "quorndon too", "Quorndon's", "quorndon_", "quorndon.example", "blaskowitz, ", "BRIEN", "NÚÑEZ", "Obrien", "Nguye",
    "Quorn\u200bdon", "tellervane", "High Street", "M1 2AB", "12/03/1980",
    "Then Yevgenia", "Blaskowitz moved", "Quorndon Mills, ", "leocadia thrupp", "Grace Blaskowitz and", "blaskowitz again",
)  # fmt: skip
SEEN = {Role.EXECUTIVE: 60, Role.LEAD: 25}
ACROSS = ("/issues", "/not-grouped", "/proposals", "/week", "/today", "/editions")
"""Where a lead reads the words of all clients side by side; on a comment's own page they stand as written."""
LETTERS = ("/thank",)
"""A letter to one client begins with that client's own words."""


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    """Every word that clients said names people and a client; no reading found any of them."""
    world = make_world(session, settings)
    unheard = factories.account(session, name="Quorndon Mills")
    factories.contact(session, unheard, name="Yevgenia Blaskowitz")
    factories.contact(session, unheard, name="Grace Blaskowitz")
    factories.contact(session, unheard, name="Tomás O'Brien-Núñez", email_key="desk@tellervane.example")
    factories.contact(session, unheard, name="Nguyễn Văn An")
    factories.user(session, name="Leocadia Thrupp")
    for model, facts in (
        (Comment, {"text": SAID, "touches": SAID, "would_solve": SAID, "wants_senior": False, "kind": "comment"}),
        (Reading, {"masks": []}),
        (ReadingTheme, {"reason": f"It says “{SAID}”."}),
        (Evidence, {"note": SAID}),
        (Match, {"reasons": [f"Says “{SAID}”, as others here do."]}),
    ):  # fmt: skip
        session.execute(update(model).values(**facts).execution_options(synchronize_session=False))
    session.execute(update(Issue).where(~Issue.is_named).values(name=SAID))
    session.execute(update(Proposal).where(Proposal.name.is_not(None)).values(name=SAID))
    service.found(session, SAID, ["blaskowitz", "invoice"])
    service.keep_run(session, comments=1, stored=1, founded=1, not_grouped=0)
    session.expire_all()
    return world


@pytest.mark.parametrize("role", SEEN)
def test_no_name_within_words_is_printed(app: APIFlask, session: Session, world: World, role: Role) -> None:
    person = factories.user(session, role)
    browser, leaks, seen = signed_in(app, session, person.id), [], 0
    for rule, kind, fragment in product(app.url_map.iter_rules(), ("own", "other"), ("0", "1")):
        if "GET" not in (rule.methods or ()) or "token" in rule.arguments:
            continue
        path = fill(app, rule, world, kind)
        if role is Role.LEAD and (not path.startswith(ACROSS) or path.endswith(LETTERS)):
            continue
        status, text = look(session, browser, path, fragment)
        seen += status == 200
        plain = unescape(re.sub(r"<(?!option|title)[^>]*>", "", text))
        leaks += [f"{rule} ({kind}): {leak}" for leak in LEAKS if leak in plain or leak in unescape(text)]
    assert leaks == []
    assert seen > SEEN[role]


def test_what_others_see_of_a_comment_names_nobody_and_has_nothing_to_press(
    app: APIFlask, session: Session, world: World
) -> None:
    lead = factories.user(session, Role.LEAD, name="Ottoline Quist")
    browser = signed_in(app, session, lead.id)
    key = {"account_id": world.mine.account.id, "comment_id": world.mine.comment.id}
    session.add(
        Label(**key, id=ids.new_id(), kind="severity", value="4", holds=True, by_id=lead.id, at=clock.now())
    )
    session.flush()
    status, text = look(session, browser, f"/comments/{world.mine.comment.public_id}?as=others", "0")
    main = text.split("<main", 1)[1].split("</main>", 1)[0]
    assert status == 200
    assert not any(leak in main for leak in (*LEAKS, "Ottoline", "People said", "<form", "<button"))
