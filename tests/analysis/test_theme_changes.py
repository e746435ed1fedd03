"""A wished change: looked at, applied, left, overtaken; and what its page says meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.wishing import applied, look_at, looked, press, the_wish, undo_url
from tests.conftest import NOW
from voc.analysis.models import Label, Reading, ReadingTheme, Theme, ThemeVersion
from voc.analysis.queries import readings, theme_choices
from voc.analysis.service import ReadComment, SeenTheme, replace_readings
from voc.analysis.themes import drafts
from voc.analysis.themes.newest import spec_rows
from voc.core.principal import Role

Signed = Callable[..., FlaskClient]
Clock = Callable[[datetime], None]


@pytest.fixture
def billing(session: Session) -> Theme:
    return factories.theme(session, key="billing", name="Billing", description="Money.")


@pytest.fixture
def people(session: Session) -> Theme:
    return factories.theme(session, key="people", name="People")


def test_the_page_says_what_would_change_with_the_words_that_count(
    client: Signed, session: Session, billing: Theme
) -> None:
    gains, loses = factories.comment(session, text="Cars park in our yard."), factories.comment(session, text="The bill is late.")  # fmt: skip
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking", description="Cars.")
    looked(session, {gains.public_id: ("", "parking"), loses.public_id: ("billing", "")})
    page = look_at(browser, the_wish(session))
    assert "Of the last 2 comments, 1 would get “Parking” and none stays as it is." in page
    assert "It moves other themes too: 1 would lose “Billing”." in page
    assert "<mark>Car</mark>s park in our yard." in page
    assert f'href="/comments/{gains.public_id}"' in page
    assert page.index("Would come to “Parking”") < page.index("Would go from “Billing”")


def test_before_any_comment_came_nothing_would_change(client: Signed, session: Session) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    looked(session)
    assert "No client has said anything yet" in look_at(browser, the_wish(session))
    applied(browser, session)
    assert [one.name for one in theme_choices(session)] == ["Parking"]


def test_an_administrator_sees_the_numbers_and_no_words(client: Signed, session: Session) -> None:
    comment = factories.comment(session, text="Cars park in our yard.")
    browser = client(Role.ADMIN)
    press(browser, "/themes", name="Parking")
    looked(session, {comment.public_id: ("", "parking")})
    page = look_at(browser, the_wish(session))
    assert "1 comment would get it" in page
    assert "park in our yard" not in page
    assert f"/comments/{comment.public_id}" not in page


def test_a_complaint_about_a_lead_is_counted_and_not_shown_to_them(client: Signed, session: Session) -> None:
    lead = factories.user(session, Role.LEAD)
    comment = factories.comment(session, text="He never calls back.", hidden_from_id=lead.id)
    browser = client(lead)
    press(browser, "/themes", name="Calls")
    looked(session, {comment.public_id: ("", "calls")})
    page = look_at(browser, the_wish(session))
    assert "1 comment would get it" in page
    assert "never calls" not in page


def test_while_it_is_looked_at_the_page_comes_again_by_itself(
    client: Signed, session: Session, at: Clock
) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    draft = the_wish(session)
    page = look_at(browser, draft)
    assert '<meta http-equiv="refresh" content="2">' in page
    assert "Apply" not in page
    look = drafts.claim(session)
    assert look is not None
    assert drafts.tell(session, look, looked=256, of=1_000)
    session.expire_all()
    assert "256 of 1,000 comments looked at" in look_at(browser, draft)
    at(NOW + timedelta(seconds=drafts.SILENT_SECONDS + 1))
    page = look_at(browser, draft)
    assert "Nobody is looking just now" in page
    assert "http-equiv" not in page


def test_where_nobody_looks_it_can_be_applied_by_a_second_word(
    client: Signed, session: Session, at: Clock
) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    draft = the_wish(session)
    at(NOW + timedelta(seconds=drafts.SILENT_SECONDS + 1))
    answer = browser.post(f"/theme-changes/{draft.public_id}/apply")
    assert answer.status_code == 422
    assert "Say that you apply it without knowing what it changes" in answer.text
    assert theme_choices(session) == ()
    press(browser, f"/theme-changes/{draft.public_id}/apply", unseen="1")
    assert [one.name for one in theme_choices(session)] == ["Parking"]
    assert "applied without looking" in browser.get("/theme-versions").text


def test_a_look_that_fails_thrice_is_said_and_can_be_asked_for_again(
    client: Signed, session: Session
) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    assert [drafts.claim(session) is None for _ in range(drafts.TRIES + 1)] == [False] * 3 + [True]
    page = look_at(browser, the_wish(session))
    assert "We do not know what it would change" in page
    assert "Apply without looking" in page
    press(browser, f"/theme-changes/{the_wish(session).public_id}/look-again")
    assert drafts.claim(session) is not None


def test_two_leads_at_once_and_the_second_is_told_who_was_first(
    client: Signed, session: Session, people: Theme
) -> None:
    ana, ben = client(Role.LEAD, name="Ana Leal"), client(Role.LEAD, name="Ben Okoye")
    press(ana, "/themes", name="Parking")
    first = the_wish(session)
    press(ben, "/themes", name="Canteen")
    second = the_wish(session)
    looked(session)
    press(ana, f"/theme-changes/{first.public_id}/apply", seen="1")
    answer = ben.post(f"/theme-changes/{second.public_id}/apply", data={"seen": "1"})
    assert answer.status_code == 409
    assert "Ana Leal changed the themes since you looked: added “Parking”" in answer.text
    assert "Looking what it would change" in look_at(ben, second)
    looked(session)
    press(ben, f"/theme-changes/{second.public_id}/apply", seen="2")
    assert {one.name for one in theme_choices(session)} == {"People", "Parking", "Canteen"}
    answer = ben.post(f"/theme-changes/{first.public_id}/apply", data={"seen": "3"})
    assert (answer.status_code, "Ana Leal has applied this already" in answer.text) == (409, True)


def test_pressing_apply_twice_is_said_to_be_done_once(client: Signed, session: Session) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    once = applied(browser, session)
    again = press(browser, f"/theme-changes/{the_wish(session).public_id}/apply", seen="1")
    assert "Done: you added “Parking”." in once
    assert "Done: you added “Parking”." in again
    assert undo_url(again) == undo_url(once)
    assert len(session.scalars(select(ThemeVersion)).all()) == 2


def test_a_wish_for_a_theme_that_went_out_of_use_says_so(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD)
    press(browser, f"/themes/{billing.public_id}", name="Billing", description="Bills and payments.")
    wish = the_wish(session)
    press(browser, f"/themes/{billing.public_id}/retire")
    applied(browser, session)
    page = look_at(browser, wish)
    assert "This cannot be done any more" in page
    assert "“Billing” is out of use by now" in page
    assert "Apply without looking" not in page
    answer = browser.post(f"/theme-changes/{wish.public_id}/apply", data={"unseen": "1"})
    assert answer.status_code == 409
    looked(session)
    assert wish.state == "failed"


def test_a_wish_is_left_and_taken_up_again(client: Signed, session: Session) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    wish = the_wish(session)
    page = press(browser, f"/theme-changes/{wish.public_id}/leave")
    assert "The themes stay as they are" in page
    assert "Changes not applied yet" not in page
    assert browser.post(f"/theme-changes/{wish.public_id}/apply", data={"unseen": "1"}).status_code == 409
    press(browser, undo_url(page))
    assert "Changes not applied yet" in browser.get("/themes").text
    assert browser.post(f"/theme-changes/{wish.public_id}/take-up").status_code == 409


def test_a_look_at_an_older_wish_is_dropped(client: Signed, session: Session) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    look = drafts.claim(session)
    assert look is not None
    press(browser, "/themes", name="Car park", change=the_wish(session).public_id)
    assert not drafts.tell(session, look, looked=0, of=10)


def test_a_merge_counts_for_the_other_and_undo_brings_all_back(
    client: Signed, session: Session, billing: Theme, people: Theme
) -> None:
    seen, said = factories.comment(session, text="Seen."), factories.comment(session, text="Said.")
    factories.reading(session, seen, themes=(billing, people))
    factories.reading(session, said)
    browser = client(Role.LEAD)
    browser.post(f"/comments/{said.public_id}/labels", data={"label": "theme:billing:yes"})
    press(browser, f"/themes/{billing.public_id}/merge", into="people")
    page = applied(browser, session)
    assert "you put “Billing” together with “People”" in page
    assert "counts as <bdi>People</bdi>" in page
    keys = [(one.account_id, one.id) for one in (seen, said)]
    assert [[theme.key for theme in readings(session, keys)[key].themes] for key in keys] == [
        ["people"],
        ["people"],
    ]
    assert "Seen." in browser.get("/comments?theme=billing").text
    assert "Said." in browser.get("/comments?theme=people&by=added").text
    assert session.scalars(select(Label.value)).all() == ["billing"]
    assert "it is about Billing" in browser.get(f"/comments/{said.public_id}").text
    press(browser, undo_url(page))
    session.expire_all()
    assert [theme.key for theme in readings(session, keys)[keys[1]].themes] == ["billing"]
    assert billing.retired_at is None


def test_the_page_of_a_merge_says_what_becomes_of_peoples_words(
    client: Signed, session: Session, billing: Theme, people: Theme
) -> None:
    browser = client(Role.LEAD)
    for name in ("itself", "child", "nothing"):
        into = {"itself": "billing", "child": "late", "nothing": ""}[name]
        factories.theme(session, key=f"late{name}", name=f"Late {name}", parent_id=billing.id)
        answer = browser.post(f"/themes/{billing.public_id}/merge", data={"into": into})
        assert (name, answer.status_code) == (name, 422)
    press(browser, f"/themes/{people.public_id}/merge", into="billing")
    draft = the_wish(session)
    looked(session)
    found = dict(draft.found or {}) | {"with_labels": 3, "comments": 5, "stay": 5}
    draft.found = found
    session.flush()
    page = look_at(browser, draft)
    assert "A person set the themes of 3 comments; those stay." in page
    assert "What they said of “People” counts for “Billing” then" in page


def test_a_split_is_taught_by_ticked_comments_and_undone(
    client: Signed, session: Session, billing: Theme
) -> None:
    late, wrong = factories.comment(session, text="It came late. Bye."), factories.comment(session, text="The sum is wrong.")  # fmt: skip
    for one in (late, wrong):
        factories.reading(session, one, themes=(billing,), masks=[[0, 2, "name"]] if one is late else [])
    browser = client(Role.LEAD)
    form = browser.get(f"/themes/{billing.public_id}/split").text
    assert "It came late." in form
    typed = {"name_1": "Late invoices", "name_2": "Wrong invoices", "stays": "yes",
             f"part-{late.public_id}": "1", f"part-{wrong.public_id}": "2"}  # fmt: skip
    press(browser, f"/themes/{billing.public_id}/split", **typed)
    wish = the_wish(session)
    again = browser.get(f"/themes/{billing.public_id}/split?change={wish.public_id}").text
    assert 'value="Late invoices"' in again
    assert again.index(f'name="part-{late.public_id}"') < again.index('value="1" selected')
    page = applied(browser, session)
    themes = {one.key: one for one in theme_choices(session)}
    assert {key: one.parent for key, one in themes.items()} == {
        "billing": None, "late_invoices": "billing", "wrong_invoices": "billing",
    }  # fmt: skip
    rows = {row.key: row.examples for row in spec_rows(session)}
    assert rows["late_invoices"] == ("[name] came late. Bye.",)
    late_page = session.scalars(select(Theme.public_id).where(Theme.key == "late_invoices")).one()
    assert "It came late." in browser.get(f"/themes/{late_page}").text
    press(browser, undo_url(page))
    assert [one.key for one in theme_choices(session)] == ["billing"]


def test_a_split_without_names_or_comments_says_what_is_missing(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD)
    url = f"/themes/{billing.public_id}/split"
    assert "No comments to tell them by" in browser.get(url).text
    answer = browser.post(url, data={"name_1": "Late", "name_2": ""})
    assert (answer.status_code, 'id="name_2-error"' in answer.text) == (422, True)
    answer = browser.post(url, data={"name_1": "Late", "name_2": "Wrong", "description_2": "Sums."})
    assert (answer.status_code, 'id="description_1-error"' in answer.text) == (422, True)
    assert "Sums." in answer.text


def test_words_that_teach_end_with_the_comment_they_came_from(
    client: Signed, session: Session, billing: Theme
) -> None:
    comment = factories.comment(session, text="It came late.")
    billing.taught_by = [[comment.public_id, 0, 7], ["gone", None, None]]
    session.flush()
    assert [row.examples for row in spec_rows(session)] == [("It came",)]
    assert "<mark>It came</mark> late." in client(Role.LEAD).get(f"/themes/{billing.public_id}").text


def test_undo_after_further_changes_touches_only_its_own(
    client: Signed, session: Session, billing: Theme, people: Theme
) -> None:
    browser = client(Role.LEAD, name="Ana Leal")
    first = undo_url(press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money."))
    press(browser, f"/themes/{people.public_id}", name="Our people")
    press(browser, first)
    session.expire_all()
    assert (billing.name, people.name) == ("Billing", "Our people")


def test_an_old_undo_does_not_overwrite_a_newer_change(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD, name="Ana Leal")
    first = undo_url(press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money."))
    press(browser, f"/themes/{billing.public_id}", name="Bills", description="Money.")
    answer = browser.post(first)
    assert answer.status_code == 409
    assert "Last, Ana Leal renamed “Invoices” to “Bills”" in answer.text
    session.expire_all()
    assert billing.name == "Bills"


def test_an_undo_that_would_give_two_themes_one_name_is_refused(
    client: Signed, session: Session, billing: Theme, people: Theme
) -> None:
    browser = client(Role.LEAD)
    first = undo_url(press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money."))
    press(browser, f"/themes/{people.public_id}", name="Billing")
    answer = browser.post(first)
    assert (answer.status_code, "called “Billing” by now" in answer.text) == (409, True)
    assert session.scalar(select(ThemeVersion.number).order_by(ThemeVersion.number.desc())) == 3


def test_what_is_out_of_use_is_given_to_no_comment_and_leaves_a_doubt(
    client: Signed, session: Session, billing: Theme, people: Theme
) -> None:
    del people
    billing.retired_at = NOW + timedelta(minutes=1)
    session.flush()
    assert [(row.key, row.is_read) for row in spec_rows(session)] == [("billing", False), ("people", True)]
    comment = factories.comment(session)
    seen = SeenTheme("billing", 0.9, 0, 4, "Sounds like it.")
    one = ReadComment(
        comment.account_id,
        comment.id,
        "1",
        "en",
        True,
        None,
        False,
        (seen,),
        None,
        None,
        None,
        None,
        (),
        None,
    )
    replace_readings(session, [one])
    stored = session.get_one(Reading, (comment.account_id, comment.id))
    assert (stored.unsure, session.scalars(select(ReadingTheme)).all()) == (True, [])
