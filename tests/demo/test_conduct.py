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


def test_a_stranger_does_nothing(story: Story) -> None:
    assert Conduct(story.truth).asked("nobody@nowhere.example", WIDE, SINCE, is_reminder=False) is None


def test_everyone_who_answers_says_what_is_true(story: Story) -> None:
    conduct = Conduct(story.truth)
    for one in story.truth.behaviour.values():
        deed = conduct.asked(one.email, "late_round", SINCE, is_reminder=one.needs_reminder)
        if deed is not None and deed.act == "answer":
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


@pytest.mark.parametrize(
    ("temper", "act"), [("bounces", "bounce"), ("not_me", "not_me"), ("angry", "answer")]
)
def test_somebody_plays_each_part_in_every_round(story: Story, temper: str, act: str) -> None:
    plain = [one.email for one in story.truth.behaviour.values() if one.temper in ("answers", "silent")][:40]
    conduct = cast(story.truth, plain)
    found = [email for email in plain if getattr(conduct.behaviour(email), "temper", "") == temper]
    assert len(found) == 1
    one = conduct.behaviour(found[0])
    assert one is not None
    deed = conduct.asked(found[0], WIDE, SINCE, is_reminder=one.needs_reminder and temper != "bounces")
    assert deed is not None
    assert deed.act == act
    assert deed.is_angry == (temper == "angry")


def test_the_people_you_can_be_play_no_part(story: Story) -> None:
    mine = [story.people[part].email for part in ("loud_client", "quiet_client")]
    for_five = cast(story.truth, [*mine, *list(story.truth.behaviour)[:3]], mine)
    assert not set(for_five.parts) & set(mine)


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
