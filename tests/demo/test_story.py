"""The story holds what it must, and is the same each time it is told."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from voc.demo.parts import ISSUE_PARTS, PARTS
from voc.demo.story import DEFAULT_TODAY, DemoComment, Story, tell

FIRST = datetime.combine(DEFAULT_TODAY - timedelta(weeks=26), datetime.min.time(), UTC)


def group_of(story: Story) -> Callable[[DemoComment], str]:
    groups = {account.name: account.group or account.name for account in story.accounts}
    return lambda comment: groups[comment.account]


def said_by(story: Story, part: str) -> list[DemoComment]:
    group = group_of(story)
    return [comment for comment in story.comments if group(comment) == PARTS[part]]


def about(story: Story, key: str) -> list[DemoComment]:
    return [comment for comment in story.comments if key in story.truth.about[comment.source_id]]


def test_the_same_seed_and_day_tell_the_same_story(story: Story) -> None:
    assert tell() == story


def test_another_seed_tells_another_story(story: Story) -> None:
    assert tell(seed=27).comments != story.comments


@pytest.mark.parametrize("seed", [1, 2, 3, 99])
def test_the_story_holds_together_under_any_seed(seed: int) -> None:
    other = tell(seed)
    heard = {group_of(other)(comment) for comment in other.comments}
    assert (len(other.comments), 84 - len(heard)) == (1800, 31)
    assert len(other.truth.issues["late_round"].has) == 18


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2027, 1, 1)])
def test_the_26_weeks_end_on_the_day_given(today: date) -> None:
    days = [comment.said_at.date() for comment in tell(today=today).comments]
    assert today - timedelta(weeks=26) <= min(days) < today - timedelta(weeks=25)
    assert today - timedelta(days=4) <= max(days) < today


def test_the_book_has_84_groups_in_five_segments_and_thirty_sites(story: Story) -> None:
    groups = [account for account in story.accounts if account.group is None]
    assert Counter(account.segment for account in groups) == {
        "Hospitals": 22, "Clinics": 18, "Care homes": 20, "Laboratories": 10, "Schools": 14,
    }  # fmt: skip
    assert 28 <= len(story.accounts) - len(groups) <= 32
    assert len({account.import_id for account in story.accounts}) == len(story.accounts)
    assert len({account.name.casefold() for account in story.accounts}) == len(story.accounts)


def test_every_site_belongs_to_a_group_of_the_book(story: Story) -> None:
    groups = {account.name for account in story.accounts if account.group is None}
    assert {account.group for account in story.accounts if account.group} <= groups


def test_yearly_values_are_skewed_and_in_whole_euros(story: Story) -> None:
    values = sorted(account.yearly_value_cents or 0 for account in story.accounts if account.group is None)
    assert all(value % 100 == 0 and value > 0 for value in values)
    assert sum(values[-17:]) > 0.5 * sum(values)


def test_seven_colleagues_own_the_clients(story: Story) -> None:
    assert len({account.owner_email for account in story.accounts}) == 7
    assert {account.owner_email for account in story.accounts} <= {
        colleague.email for colleague in story.staff
    }


def test_nine_groups_have_nobody_to_write_to(story: Story) -> None:
    reachable = {contact.account for contact in story.contacts if contact.email}
    sites = {account.name: account.group for account in story.accounts}
    reached = {sites[name] or name for name in reachable}
    assert 84 - len(reached) == 9


def test_everyone_known_by_name_is_at_a_reserved_domain(story: Story) -> None:
    emails = [each.email for each in (*story.contacts, *story.staff, *story.people.values()) if each.email]
    assert all(re.fullmatch(r"[a-z.]+@[a-z]+\.example", email) for email in emails)
    assert len({contact.email for contact in story.contacts if contact.email}) == len(
        [contact for contact in story.contacts if contact.email]
    )


def test_no_address_in_any_text_leaves_the_reserved_domains(story: Story) -> None:
    found = [address for each in story.comments for address in re.findall(r"\S+@\S+", each.text)]
    assert found
    assert all(re.search(r"@[a-z]+\.example\b", address, re.IGNORECASE) for address in found)


def test_telephone_numbers_are_those_kept_free_for_fiction(story: Story) -> None:
    texts = [each.text for each in story.comments] + [contact.phone or "" for contact in story.contacts]
    found = [number for text in texts for number in re.findall(r"(?:\+44 |\b0)\d[\d ]{7,}\d\b", text)]
    assert len(found) > 100
    assert all(re.fullmatch(r"(\+44 |0)(20 7946|161 496) 0\d{3}", number) for number in found)


def test_31_groups_never_said_anything(story: Story) -> None:
    heard = {group_of(story)(comment) for comment in story.comments}
    assert 84 - len(heard) == 31
    assert {name for name, talk in story.truth.talk.items() if talk == 0}.isdisjoint(heard)


def test_most_clients_are_quiet_and_a_few_loud(story: Story) -> None:
    said = sorted(Counter(map(group_of(story), story.comments)).values())
    assert said[len(said) // 2] < 0.75 * sum(said) / len(said)
    assert said[-1] == len(said_by(story, "loud_client"))


def test_one_loud_client_fights_for_what_is_to_be_dropped(story: Story) -> None:
    loud = [
        comment for comment in about(story, "late_round") if group_of(story)(comment) == PARTS["loud_client"]
    ]
    assert len(loud) >= 90
    assert sum(comment.kind == "escalation" for comment in loud) >= 4
    assert {comment.contact for comment in loud} <= {story.people["loud_client"].email, None}


def test_17_quiet_clients_depend_on_it_and_said_so_once_or_never(story: Story) -> None:
    others = story.truth.issues["late_round"].has - {PARTS["loud_client"]}
    said = Counter(map(group_of(story), about(story, "late_round")))
    assert len(others) == 17
    assert Counter(said[group] for group in others) == {0: 9, 1: 8}
    assert PARTS["quiet_client"] in others


def test_the_quiet_client_can_be_written_to_and_never_spoke(story: Story) -> None:
    assert not said_by(story, "quiet_client")
    assert story.people["quiet_client"].account == PARTS["quiet_client"]


def test_one_issue_is_loud_and_alone(story: Story) -> None:
    assert story.truth.issues["scanner_label"].has == {PARTS["loud_alone"]}
    assert len(about(story, "scanner_label")) == 40


def test_one_issue_is_wide_and_quiet(story: Story) -> None:
    said = Counter(map(group_of(story), about(story, "order_number")))
    issue = story.truth.issues["order_number"]
    assert (len(issue.has), len(issue.applies)) == (33, 52)
    assert set(said.values()) == {1}
    assert 10 <= len(said) <= 25


def test_one_client_wrote_weekly_and_then_stopped(story: Story) -> None:
    days = [comment.said_at.date() for comment in said_by(story, "stopped")]
    assert len({day.isocalendar()[:2] for day in days}) >= 15
    assert (DEFAULT_TODAY - max(days)).days > 60


def test_one_clients_usage_rose_by_a_third_with_the_same_services(story: Story) -> None:
    rows = [
        row.quantity
        for row in story.usage
        if row.account == PARTS["usage_up"] and row.service == "Sterile supply"
    ]
    assert len(rows) == 26
    assert 1.25 <= sum(rows[-8:]) / sum(rows[:8]) <= 1.45
    account = next(account for account in story.accounts if account.name == PARTS["usage_up"])
    window = DEFAULT_TODAY - timedelta(weeks=26)
    assert all(use.from_on < window for use in account.services)


def test_a_termination_letter_lies_unanswered(story: Story) -> None:
    letters = [comment for comment in story.comments if comment.kind == "termination"]
    assert [group_of(story)(letter) for letter in letters] == [PARTS["termination"]]
    assert (DEFAULT_TODAY - letters[0].said_at.date()).days > 30


def test_an_issue_that_was_done_comes_back(story: Story) -> None:
    issue = story.truth.issues[ISSUE_PARTS["came_back"]]
    days = [comment.said_at.date() for comment in about(story, issue.key)]
    assert issue.solved_on
    assert issue.came_back_on
    assert any(day < issue.solved_on for day in days)
    assert any(day >= issue.came_back_on for day in days)
    assert not any(issue.solved_on <= day < issue.came_back_on for day in days)


def test_a_complaint_about_a_colleague_is_kept_from_him(story: Story) -> None:
    kept = [comment for comment in story.comments if comment.not_seen_by]
    assert len(kept) == 3
    assert {comment.not_seen_by for comment in kept} == {"callum.brandt@lindquay.example"}
    owner = next(account.owner for account in story.accounts if account.name == PARTS["named_colleague"])
    assert owner == "Callum Brandt"


@pytest.mark.parametrize(("kind", "least"), [("praise", 50), ("suggestion", 40), ("escalation", 8)])
def test_there_is_enough_of_each_kind(story: Story, kind: str, least: int) -> None:
    assert sum(comment.kind == kind for comment in story.comments) >= least


def test_clients_without_an_address_are_heard_through_notes(story: Story) -> None:
    reachable = {contact.account for contact in story.contacts if contact.email}
    unreachable = {account.name for account in story.accounts} - reachable
    notes = [
        comment for comment in story.comments if comment.account in unreachable and comment.contact is None
    ]
    assert {comment.channel for comment in notes} == {"staff_note"}


def test_every_comment_comes_from_an_account_and_a_contact_of_the_book(story: Story) -> None:
    accounts = {account.name for account in story.accounts}
    emails = {contact.email for contact in story.contacts} | {None}
    assert all(comment.account in accounts and comment.contact in emails for comment in story.comments)


def test_usage_is_read_every_week_on_mondays(story: Story) -> None:
    weeks = {row.week_on for row in story.usage}
    assert len(weeks) == 26
    assert all(week.weekday() == 0 and week < DEFAULT_TODAY for week in weeks)
    assert DEFAULT_TODAY - max(weeks) <= timedelta(days=13)


def test_the_five_people_for_signing_in_are_named(story: Story) -> None:
    assert set(story.people) == {"loud_client", "quiet_client", "lead", "executive", "admin"}
    assert all(person.email.endswith(".example") for person in story.people.values())
