"""Truth becomes deeds: who answers what, after how many days, and who does something else."""

from datetime import timedelta

import pytest

from voc.demo.conduct import Conduct, cast
from voc.demo.records import Behaviour, Temper
from voc.demo.story import DEFAULT_TODAY, Story

SINCE = DEFAULT_TODAY - timedelta(days=90)
WIDE = "order_number"


def who(story: Story, temper: Temper, key: str = WIDE, *, needs_reminder: bool = False) -> Behaviour:
    return next(
        one
        for one in story.truth.behaviour.values()
        if one.temper == temper
        and one.group in story.truth.issues[key].applies
        and one.needs_reminder == needs_reminder
    )


def test_the_silent_do_nothing(story: Story) -> None:
    silent = who(story, "silent")
    assert Conduct(story.truth).asked(silent.email, WIDE, SINCE, is_reminder=False) is None


def test_some_of_the_silent_answer_a_reminder(story: Story) -> None:
    silent = who(story, "silent", needs_reminder=True)
    deed = Conduct(story.truth).asked(silent.email, WIDE, SINCE, is_reminder=True)
    assert deed is not None
    assert deed.act == "answer"


def test_a_stranger_does_nothing(story: Story) -> None:
    assert Conduct(story.truth).asked("nobody@nowhere.example", WIDE, SINCE, is_reminder=False) is None


def test_everyone_who_answers_says_what_is_true(story: Story) -> None:
    conduct = Conduct(story.truth)
    for one in story.truth.behaviour.values():
        deed = conduct.asked(one.email, "late_round", SINCE, is_reminder=one.needs_reminder)
        if deed is not None and deed.act == "answer" and one.temper != "silent":
            assert deed.value == story.truth.answer(one.email, "late_round", SINCE)


def test_whoever_needs_a_reminder_waits_for_it(story: Story) -> None:
    slow = who(story, "answers", needs_reminder=True)
    conduct = Conduct(story.truth)
    assert conduct.asked(slow.email, WIDE, SINCE, is_reminder=False) is None
    deed = conduct.asked(slow.email, WIDE, SINCE, is_reminder=True)
    assert deed is not None
    assert deed.days == slow.days_to_answer - 5


def test_a_mail_comes_back_once_and_at_once(story: Story) -> None:
    email = next(one.email for one in story.truth.behaviour.values() if one.temper == "bounces")
    conduct = Conduct(story.truth)
    deed = conduct.asked(email, WIDE, SINCE, is_reminder=False)
    assert deed is not None
    assert (deed.act, deed.days) == ("bounce", 0)
    assert conduct.asked(email, WIDE, SINCE, is_reminder=True) is None


@pytest.fixture(scope="module")
def round_of(story: Story) -> Conduct:
    return cast(story, WIDE, asked(story))


def asked(story: Story) -> list[str]:
    """One person of each group who would answer or stay silent."""
    truth = story.truth
    one_each = {
        one.group: one.email
        for one in truth.behaviour.values()
        if one.group in truth.issues[WIDE].applies and one.temper in ("answers", "silent")
    }
    return sorted(one_each.values())


@pytest.mark.parametrize(
    ("temper", "act"), [("bounces", "bounce"), ("not_me", "not_me"), ("angry", "answer")]
)
def test_somebody_plays_each_part_in_every_round(
    story: Story, round_of: Conduct, temper: str, act: str
) -> None:
    people = [round_of.behaviour(email, WIDE) for email in asked(story)]
    found = [one for one in people if one is not None and one.temper == temper]
    assert len(found) == 1
    reminded = found[0].needs_reminder and temper != "bounces"
    deed = round_of.asked(found[0].email, WIDE, SINCE, is_reminder=reminded)
    assert deed is not None
    assert deed.act == act
    assert deed.is_angry == (temper == "angry")


def test_one_wants_no_more_questions(story: Story, round_of: Conduct) -> None:
    deeds = [round_of.asked(email, WIDE, SINCE, is_reminder=False) for email in asked(story)]
    assert [deed.act for deed in deeds if deed].count("stop_asking") == 1


def test_two_colleagues_differ(story: Story, round_of: Conduct) -> None:
    deeds = {email: round_of.asked(email, WIDE, SINCE, is_reminder=False) for email in asked(story)}
    first, deed = next((email, deed) for email, deed in deeds.items() if deed and deed.act == "pass_on")
    assert deed.value in ("problem", "manages")
    assert deed.colleague is not None
    second = round_of.asked(deed.colleague, WIDE, SINCE, is_reminder=False)
    assert second is not None
    assert second.value == "no"
    places = {one.email: one.account for one in story.contacts}
    assert places[first] == places[deed.colleague]


def test_the_people_you_can_be_play_no_part(story: Story) -> None:
    mine = {story.people[part].email for part in ("loud_client", "quiet_client")}
    parts = cast(story, "late_round", [*mine, *asked(story)[:3]]).parts
    assert not mine & {*parts.tempers, parts.wants_no_more, parts.passes_on}


def test_is_it_solved_is_answered_by_those_who_do_not_stay_silent(story: Story) -> None:
    conduct = Conduct(story.truth)
    truth = story.truth
    for one in truth.behaviour.values():
        deed = conduct.told_solved(one.email, WIDE)
        said = truth.signs_off(one.email, WIDE)
        assert (deed is None) == (said == "silence")
        if deed is not None:
            assert deed.value == said
            assert deed.satisfaction in range(1, 6)
