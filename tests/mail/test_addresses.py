"""Rules belong to the address, whoever has it and however it is spelt."""

import pytest
from sqlalchemy.orm import Session

from voc.mail import addresses


def test_a_rule_holds_for_every_spelling(session: Session) -> None:
    addresses.set_rule(session, "Ines@Clinic.internal ", "no_questions")
    addresses.set_rule(session, "ines@clinic.internal", "no_questions")
    addresses.set_rule(session, "ines@clinic.internal", "bounces")
    found = addresses.rules_of(session, ["INES@clinic.internal", "other@clinic.internal"])
    assert found == {"ines@clinic.internal": frozenset({"no_questions", "bounces"})}


def test_a_rule_can_be_lifted_once_and_again(session: Session) -> None:
    addresses.set_rule(session, "a@b.internal", "no_mail")
    addresses.lift_rule(session, "A@b.internal", "no_mail")
    addresses.lift_rule(session, "A@b.internal", "no_mail")
    assert addresses.rules_of(session, ["a@b.internal"]) == {}


def test_an_unknown_rule_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="none of"):
        addresses.set_rule(session, "a@b.internal", "silence")


@pytest.mark.parametrize(
    "email",
    [
        "a@b.example",
        "a@x.y.test",
        "a@localhost",
        "a@LOCALHOST.",
        "a@example.com",
        "a@mail.example.org",
        "a@c.invalid",
    ],
)
def test_reserved_names_stand_for_nobody(email: str) -> None:
    assert addresses.is_reserved(email)


@pytest.mark.parametrize(
    "email", ["a@clinic.internal", "a@notexample.com", "a@examples.com", "a@test.firm.eu"]
)
def test_other_names_are_not_reserved(email: str) -> None:
    assert not addresses.is_reserved(email)


@pytest.mark.parametrize(
    "email",
    [
        "a@b.internal\r\nBcc: x@y.z",
        "a@b, c@d",
        "Ines <a@b.internal>",
        "nobody",
        "a@b@c",
        "a b@c",
        "@b",
        "a@",
        "",
    ],
)
def test_what_is_not_one_plain_address_is_never_written_to(email: str) -> None:
    assert not addresses.is_writable(email)
