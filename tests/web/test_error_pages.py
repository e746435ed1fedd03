"""What goes wrong is said in plain words, with the way back to where one was, and nothing typed is thrown away."""

from collections.abc import Callable

from apiflask import APIFlask
from flask import Response
from flask.testing import FlaskClient
from werkzeug.exceptions import RequestTimeout

from voc.access.limits import SIGN_IN
from voc.core.principal import Role
from voc.web.permit import permit_alone

Signed = Callable[..., FlaskClient]
CAME_FROM = {"Referer": "http://localhost/today?queue=unsure"}


def test_what_has_no_page_of_its_own_is_said_without_the_words_of_machines(
    app: APIFlask, visitor: FlaskClient
) -> None:
    def fail() -> Response:
        raise RequestTimeout

    app.view_functions["basics.health"] = permit_alone("public:read")(fail)
    page = visitor.get("/healthz", headers=CAME_FROM).text
    assert "<h1>We could not read what was sent</h1>" in page
    assert "Request Timeout" not in page
    assert page.count("try once more") == 1
    assert 'href="/today?queue=unsure">Open the page again</a>' in page


def test_who_is_not_signed_in_any_more_hears_that_nothing_was_taken(visitor: FlaskClient) -> None:
    answer = visitor.post("/comments/x/labels", data={"label": "theme::yes"}, headers=CAME_FROM)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/today?queue%3Dunsure"
    page = visitor.get(answer.headers["Location"]).text
    assert "You are not signed in any more. What you sent just now was not taken." in page
    assert 'name="next" value="/today?queue=unsure"' in page


def test_our_script_is_told_that_nothing_typed_is_lost(visitor: FlaskClient) -> None:
    answer = visitor.post("/say", data={"text": "Long words"}, headers={"X-Fragment": "1"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["detail"].endswith("press here once more: nothing you wrote is lost.")


def test_who_tried_too_often_is_told_how_long_to_wait(visitor: FlaskClient) -> None:
    typed = {"email": "ada@firm.example", "password": "wrong words"}
    answers = [visitor.post("/sign-in", data=typed) for _ in range(SIGN_IN.most + 1)]
    assert answers[-1].status_code == 429
    assert "Please wait 15 minutes and try again." in answers[-1].text


def test_a_file_too_large_leads_back_to_its_page(client: Signed) -> None:
    browser = client(Role.LEAD)
    headers = {"Referer": "http://localhost/password"}
    answer = browser.post("/password", data={"password": "x" * 2_000_000}, headers=headers)
    assert answer.status_code == 413
    assert 'href="/password">Back to the page</a>' in answer.text


def test_an_address_that_is_nowhere_keeps_the_menu_of_whoever_is_signed_in(client: Signed) -> None:
    page = client(Role.LEAD, name="Lee Lead").get("/nowhere").text
    assert "We cannot find this page" in page
    assert "Lee Lead" in page
    assert '<nav class="menu"' in page
