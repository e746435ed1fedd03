"""What clients say after the story was told."""

from datetime import date, timedelta

from voc.demo.fresh import said_on
from voc.demo.parts import PARTS
from voc.demo.story import DEFAULT_TODAY, Story

WEEK = [DEFAULT_TODAY + timedelta(days=day) for day in range(7)]


def test_a_few_dozen_are_said_in_a_week(story: Story) -> None:
    assert 20 <= sum(len(said_on(story, day)) for day in WEEK) <= 50


def test_the_same_day_says_the_same(story: Story) -> None:
    assert said_on(story, WEEK[0]) == said_on(story, WEEK[0])


def test_each_is_said_on_its_day_by_a_client_of_the_list(story: Story) -> None:
    accounts = {account.name: account.group or account.name for account in story.accounts}
    for day in WEEK:
        for comment in said_on(story, day):
            assert comment.said_at.date() == day
            assert accounts[comment.account] not in {PARTS["quiet_client"], PARTS["stopped"]}


def test_no_two_have_one_name(story: Story) -> None:
    names = [comment.source_id for day in WEEK for comment in said_on(story, day)]
    assert len(names) == len(set(names))


def test_what_is_settled_is_not_said_any_more(story: Story) -> None:
    days = [date(2026, 11, 23) + timedelta(days=day) for day in range(5)]
    loud = [one for day in days for one in said_on(story, day) if one.account == PARTS["loud_client"]]
    kept = [
        one
        for day in days
        for one in said_on(story, day, frozenset({"late_round"}))
        if one.account == PARTS["loud_client"]
    ]
    assert len(kept) < len(loud)
