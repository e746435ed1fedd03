"""The truth kept aside agrees with itself and with what was said."""

from collections import Counter

import pytest

from voc.demo.parts import ISSUE_PARTS
from voc.demo.records import Behaviour, Truth
from voc.demo.story import Story
from voc.demo.words import load_wordbook


def test_only_those_who_have_an_issue_speak_of_it(story: Story) -> None:
    groups = {account.name: account.group or account.name for account in story.accounts}
    for comment in story.comments:
        for key in story.truth.about[comment.source_id]:
            assert groups[comment.account] in story.truth.issues[key].has


def test_nobody_speaks_of_an_issue_before_it_began(story: Story) -> None:
    for comment in story.comments:
        for key in story.truth.about[comment.source_id]:
            assert comment.said_at.date() >= story.truth.issues[key].since


def test_whoever_has_an_issue_buys_a_service_it_touches(story: Story) -> None:
    services = {account.name: {use.name for use in account.services} for account in story.accounts}
    for issue in story.truth.issues.values():
        assert issue.has <= issue.applies
        assert not issue.problem & issue.manages
        assert all(services[group] & set(issue.services) for group in issue.applies)


def test_as_many_have_each_issue_as_was_written(story: Story) -> None:
    words = load_wordbook().issues
    assert {key: len(issue.has) for key, issue in story.truth.issues.items()} == {
        key: issue.breadth for key, issue in words.items()
    }


def test_every_issue_is_said_by_someone(story: Story) -> None:
    said = Counter(key for keys in story.truth.about.values() for key in keys)
    assert set(said) == set(story.truth.issues)


def test_sites_that_have_an_issue_belong_to_a_group_that_has_it(story: Story) -> None:
    group = {account.name: account.group for account in story.accounts}
    for issue in story.truth.issues.values():
        assert all(group[site] == owner for owner, sites in issue.sites.items() for site in sites)
        assert set(issue.sites) <= issue.has


def test_counting_comments_would_rank_the_issues_wrongly(story: Story) -> None:
    said = Counter(key for keys in story.truth.about.values() for key in keys)
    assert said.most_common(1)[0][0] == ISSUE_PARTS["dropped_process"]
    widest = ISSUE_PARTS["wide_quiet"]
    assert sum(count > said[widest] for count in said.values()) >= 15


def test_every_contact_with_an_address_has_a_behaviour(story: Story) -> None:
    assert set(story.truth.behaviour) == {contact.email for contact in story.contacts if contact.email}


def test_every_way_of_answering_occurs(story: Story) -> None:
    tempers = {each.temper for each in story.truth.behaviour.values()}
    assert tempers == {"answers", "silent", "bounces", "not_me", "angry"}
    answers = {
        story.truth.answer(email, key) for email in story.truth.behaviour for key in story.truth.issues
    }
    assert answers == {
        "no", "problem", "manages", "not_used", "cannot_tell", "silence", "bounce", "not_me",
    }  # fmt: skip


def test_some_colleagues_of_one_client_differ(story: Story) -> None:
    differing = 0
    for key in story.truth.issues:
        given: dict[str, set[str]] = {}
        for email, behaviour in story.truth.behaviour.items():
            given.setdefault(behaviour.group, set()).add(story.truth.answer(email, key))
        differing += sum({"no", "problem"} <= answers for answers in given.values())
    assert differing >= 3


def test_the_loud_and_the_quiet_client_answer_that_they_have_it(story: Story) -> None:
    for part in ("loud_client", "quiet_client"):
        assert story.truth.answer(story.people[part].email, "late_round") == "problem"


def test_who_does_not_buy_the_service_says_so(story: Story) -> None:
    issue = story.truth.issues["late_round"]
    outside = next(
        behaviour
        for behaviour in story.truth.behaviour.values()
        if behaviour.group not in issue.applies and behaviour.temper == "answers"
    )
    assert story.truth.answer(outside.email, "late_round") == "not_used"


@pytest.mark.parametrize(
    ("temper", "answer"), [("silent", "silence"), ("bounces", "bounce"), ("not_me", "not_me")]
)
def test_a_temper_without_an_answer_gives_none(story: Story, temper: str, answer: str) -> None:
    mute = Behaviour("a@b.example", "Saltmere Hospitals", temper, 1, False, frozenset())  # type: ignore[arg-type]
    truth = Truth(story.truth.issues, {}, {}, {}, {}, {mute.email: mute}, {})
    assert truth.answer(mute.email, "late_round") == answer


def test_what_was_changed_before_you_came_ended_for_nearly_all(story: Story) -> None:
    issue = story.truth.issues[ISSUE_PARTS["wide_quiet"]]
    assert issue.solved_on
    assert len(issue.unsolved) == 2
    assert issue.unsolved <= issue.problem
    groups = {account.name: account.group or account.name for account in story.accounts}
    after = {
        groups[comment.account]
        for comment in story.comments
        if issue.key in story.truth.about[comment.source_id] and comment.said_at.date() >= issue.solved_on
    }
    assert after <= issue.unsolved


def test_asked_again_after_the_change_they_say_no(story: Story) -> None:
    issue = story.truth.issues[ISSUE_PARTS["wide_quiet"]]
    assert issue.solved_on
    said = {
        (each.group in issue.unsolved, story.truth.answer(each.email, issue.key, issue.solved_on))
        for each in story.truth.behaviour.values()
        if each.temper == "answers" and each.group in issue.problem and issue.key not in each.differs_on
    }
    assert said == {(True, "problem"), (False, "no")}


def test_who_signs_off_and_who_does_not(story: Story) -> None:
    truth, issue = story.truth, story.truth.issues[ISSUE_PARTS["wide_quiet"]]
    said = Counter(
        truth.signs_off(each.email, issue.key) for each in truth.behaviour.values() if each.group in issue.has
    )
    assert set(said) == {"yes", "no", "silence"}
    assert all(1 <= truth.satisfaction(email, issue.key) <= 5 for email in truth.behaviour)
