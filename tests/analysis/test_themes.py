"""The themes page: the tree with its counts, and the forms in which a lead wishes changes."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.wishing import applied, look_at, press, the_wish, undo_url
from voc.analysis.models import Theme, ThemeDraft
from voc.analysis.queries import theme_choices
from voc.core.principal import Role

Signed = Callable[..., FlaskClient]


def numbers(page: str, name: str) -> list[str]:
    row = re.search(rf'<tr><th scope="row">(?:(?!</tr>).)*<bdi>{name}</bdi>.*?</tr>', page)
    assert row
    return re.findall(r">(\d+)</a>", row.group())


def test_a_new_theme_is_only_wished_until_it_is_applied(client: Signed, session: Session) -> None:
    browser = client(Role.LEAD)
    page = press(browser, "/themes", name="Überfällige  Posten", description="Old open items.")
    assert "Add “Überfällige Posten”" in page
    assert "Not applied yet" in page
    assert theme_choices(session) == ()
    assert "Add “Überfällige Posten”" in browser.get("/themes").text
    page = applied(browser, session)
    assert "Done: you added “Überfällige Posten”. What clients said" in page
    (choice,) = theme_choices(session)
    assert (choice.key, choice.name) == ("uberfallige_posten", "Überfällige Posten")
    press(browser, undo_url(page))
    assert theme_choices(session) == ()
    assert "Out of use" in browser.get("/themes").text


def test_a_new_name_alone_holds_at_once_and_is_undone(client: Signed, session: Session) -> None:
    theme = factories.theme(session, key="billing", name="Billing", description="Money.")
    comment = factories.comment(session)
    factories.reading(session, comment, themes=(theme,))
    browser = client(Role.LEAD, name="Ana Leal")
    page = press(browser, f"/themes/{theme.public_id}", name="Invoices", description="Money.")
    assert "renamed “Billing” to “Invoices”" in page
    assert "Ana Leal" in page
    assert "<b>Invoices</b>" in browser.get(f"/comments/{comment.public_id}").text
    press(browser, undo_url(page))
    session.expire_all()
    assert (theme.name, theme.reads_as, theme.key) == ("Billing", None, "billing")


def test_other_words_for_a_theme_are_looked_at_first(client: Signed, session: Session) -> None:
    theme = factories.theme(session, name="Billing", description="Money.", examples=["The bill is wrong."])
    browser = client(Role.LEAD)
    typed = {
        "name": "Invoices",
        "description": "Bills.",
        "examples": "The bill is wrong.\n\n It is  late. \n",
    }
    page = press(browser, f"/themes/{theme.public_id}", **typed)
    assert "Describe “Billing” anew, calling it “Invoices”" in page
    assert theme.name == "Billing"
    applied(browser, session)
    session.expire_all()
    assert (theme.name, theme.examples) == ("Invoices", ["The bill is wrong.", "It is late."])


def test_retiring_keeps_what_was_read_and_can_be_undone(client: Signed, session: Session) -> None:
    theme = factories.theme(session, name="Billing")
    comment = factories.comment(session)
    factories.reading(session, comment, themes=(theme,))
    browser = client(Role.LEAD)
    press(browser, f"/themes/{theme.public_id}/retire")
    page = applied(browser, session)
    assert theme_choices(session) == ()
    assert "<b>Billing</b>" in browser.get(f"/comments/{comment.public_id}").text
    press(browser, undo_url(page))
    assert [choice.name for choice in theme_choices(session)] == ["Billing"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "billing"])
def test_a_name_that_cannot_be_used_is_said_beside_its_field(
    client: Signed, session: Session, name: str
) -> None:
    factories.theme(session, name="Billing")
    answer = client(Role.LEAD).post("/themes", data={"name": name, "description": "Kept words."})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert "Kept words." in answer.text
    assert session.scalar(select(ThemeDraft.id)) is None


@pytest.mark.parametrize(("examples", "words"), [("x" * 301, "Sentence 1 has 301"), ("\n".join(map(str, range(251))), "These are 251")])  # fmt: skip
def test_too_many_or_too_long_sentences_are_said_beside_their_field(
    client: Signed, session: Session, examples: str, words: str
) -> None:
    theme = factories.theme(session, name="Billing")
    typed = {"name": "Billing", "description": "", "examples": examples}
    answer = client(Role.LEAD).post(f"/themes/{theme.public_id}", data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="examples-error"' in answer.text


def test_a_parent_counts_its_own_and_those_under_it_each_comment_once(
    client: Signed, session: Session
) -> None:
    parent = factories.theme(session, key="billing", name="Billing")
    child = factories.theme(session, key="late", name="Late invoices", parent_id=parent.id)
    both, low, alone = (factories.comment(session, text=text) for text in ("Both.", "Low.", "Alone."))
    factories.reading(session, both, themes=(parent, child))
    factories.reading(session, low, themes=(child,))
    factories.reading(session, alone, themes=(parent,))
    browser = client(Role.LEAD)
    browser.post(f"/comments/{low.public_id}/labels", data={"label": "theme:late:yes"})
    page = browser.get("/themes").text
    assert numbers(page, "Billing") == ["3", "1", "0"]
    assert numbers(page, "Late invoices") == ["2", "1", "0"]
    said = browser.get("/comments?theme=billing").text
    assert "3 comments" in said
    assert all(text in said for text in ("Both.", "Low.", "Alone."))
    assert "Billing › Late invoices" in said
    assert "Low." in browser.get("/comments?theme=billing&by=added").text
    assert "Alone." not in browser.get("/comments?theme=late").text


@pytest.mark.parametrize(
    ("mover", "under", "words"),
    [
        ("late", "billing", "stands there already"),
        ("billing", "people", "only two levels"),
        ("people", "late", "only two levels"),
        ("people", "people", "cannot stand under itself"),
        ("people", "nothing", "Choose a theme of the list"),
    ],
)
def test_a_third_level_is_refused_in_words(
    client: Signed, session: Session, mover: str, under: str, words: str
) -> None:
    billing = factories.theme(session, key="billing", name="Billing")
    factories.theme(session, key="late", name="Late invoices", parent_id=billing.id)
    factories.theme(session, key="people", name="People")
    theme = session.scalars(select(Theme).where(Theme.key == mover)).one()
    answer = client(Role.LEAD).post(f"/themes/{theme.public_id}/move", data={"under": under})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_theme_goes_under_another_and_out_again(client: Signed, session: Session) -> None:
    billing = factories.theme(session, key="billing", name="Billing")
    late = factories.theme(session, key="late", name="Late invoices")
    browser = client(Role.LEAD)
    press(browser, f"/themes/{late.public_id}/move", under="billing")
    applied(browser, session)
    session.expire_all()
    assert late.parent_id == billing.id
    page = browser.get(f"/themes/{late.public_id}").text
    assert "Stands under <bdi>Billing</bdi>" in page
    press(browser, f"/themes/{late.public_id}/move", under="")
    assert "Take “Late invoices” out of “Billing”" in look_at(browser, the_wish(session))


def test_a_wish_is_edited_in_its_own_form(client: Signed, session: Session) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking", description="Cars.")
    draft = the_wish(session)
    form = browser.get(f"/themes?change={draft.public_id}").text
    assert 'value="Parking"' in form
    assert f'name="change" value="{draft.public_id}"' in form
    press(browser, "/themes", name="Car park", change=draft.public_id)
    session.expire_all()
    assert the_wish(session).id == draft.id
    assert "Add “Car park”" in look_at(browser, draft)


def test_the_buttons_on_a_comment_show_the_tree_and_keep_their_keys(client: Signed, session: Session) -> None:
    late = factories.theme(session, key="late", name="Late invoices")
    billing = factories.theme(session, key="billing", name="Billing")
    comment = factories.comment(session)
    factories.reading(session, comment)
    browser = client(Role.LEAD)
    keys = re.findall(
        r'value="theme:(\w+):yes"[^>]*data-key="(\w)"', browser.get(f"/comments/{comment.public_id}").text
    )
    assert dict(keys) == {"late": "1", "billing": "2"}
    late.parent_id = billing.id
    session.flush()
    page = browser.get(f"/comments/{comment.public_id}").text
    assert re.findall(r'value="theme:(\w+):yes"[^>]*data-key="(\w)"', page) == [
        ("billing", "2"),
        ("late", "1"),
    ]


def test_counts_tell_machine_and_people_apart(client: Signed, session: Session) -> None:
    theme = factories.theme(session, key="billing", name="Billing")
    seen = factories.comment(session)
    factories.reading(session, seen, themes=(theme,))
    browser = client(Role.LEAD)
    for holds in ("yes", "no"):
        browser.post(f"/comments/{seen.public_id}/labels", data={"label": f"theme:billing:{holds}"})
    assert numbers(browser.get("/themes").text, "Billing") == ["1", "0", "1"]


def test_an_agent_looks_and_changes_nothing(client: Signed, session: Session) -> None:
    theme = factories.theme(session, name="Billing")
    browser = client(Role.AGENT)
    page = browser.get("/themes").text
    assert "Add a theme" not in page
    assert "Wished" not in page
    assert browser.get("/theme-versions").status_code == 200
    assert browser.post("/themes", data={"name": "Mine"}).status_code == 403
    assert browser.post(f"/themes/{theme.public_id}/retire").status_code == 403


@pytest.mark.parametrize("role", [Role.CLIENT_VIEWER, Role.CLIENT_ADMIN, Role.EXECUTIVE])
def test_nobody_else_sees_them(client: Signed, session: Session, role: Role) -> None:
    theme = factories.theme(session, name="Billing")
    browser = client(role)
    for path in ("/themes", f"/themes/{theme.public_id}", "/theme-versions"):
        assert browser.get(path).status_code == 403


def test_what_is_wrong_with_a_new_theme_is_said_on_top_and_focused(client: Signed, session: Session) -> None:
    factories.theme(session, name="Billing")
    page = client(Role.LEAD).post("/themes", data={"name": "Billing"}).text
    assert page.index("autofocus") < page.index("Nothing is lost. Please look again") < page.index("<table>")


def test_a_split_of_a_theme_under_another_does_not_offer_to_keep_it_above(
    client: Signed, session: Session
) -> None:
    above = factories.theme(session, name="Billing")
    low = factories.theme(session, name="Late invoices", parent_id=above.id)
    browser = client(Role.LEAD)
    page = browser.get(f"/themes/{low.public_id}/split").text
    assert "stays, above the new ones" not in page
    assert '<input type="hidden" name="stays" value="no">' in page
    answer = browser.post(f"/themes/{low.public_id}/split", data={})
    assert (answer.status_code, "Please write a few words first." in answer.text) == (422, True)


def test_a_theme_nobody_described_says_so(client: Signed, session: Session) -> None:
    factories.theme(session, name="Billing")
    assert "nothing written yet" in client(Role.LEAD).get("/themes").text
