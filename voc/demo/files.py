"""Writes the story as the files that the ordinary importers read, and the truth beside them."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from voc.demo.records import Account, Behaviour, Contact, DemoComment, ServiceUse, Story, TrueIssue

ACCOUNT_COLUMNS = (
    "import_id", "name", "group", "segment", "services", "yearly_value", "currency", "owner", "owner_email",
    "contact_name", "contact_role", "contact_email", "contact_phone",
)  # fmt: skip
USAGE_COLUMNS = ("account", "service", "week_on", "quantity", "unit")


def write_accounts_csv(story: Story, path: Path) -> None:
    """The client list, one row per contact; an account without contacts has one row, those columns empty."""
    _write_csv(path, ACCOUNT_COLUMNS, _account_rows(story))


def write_comments_jsonl(story: Story, path: Path) -> None:
    """The comments in order of time, one JSON object a line."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(json.dumps(comment_row(each), ensure_ascii=False) + "\n" for each in story.comments)


def write_usage_csv(story: Story, path: Path) -> None:
    """The weekly readings."""
    rows = (
        [each.account, each.service, each.week_on.isoformat(), each.quantity, each.unit]
        for each in story.usage
    )
    _write_csv(path, USAGE_COLUMNS, rows)


def write_truth_json(story: Story, path: Path) -> None:
    """The known truth, for tests only; no importer reads it."""
    truth = story.truth
    told = {
        "issues": {key: _issue(each) for key, each in truth.issues.items()},
        "about": {key: list(keys) for key, keys in truth.about.items()},
        "personal": {key: list(strings) for key, strings in truth.personal.items()},
        "language": dict(truth.language),
        "talk": dict(truth.talk),
        "behaviour": {email: _behaviour(each) for email, each in truth.behaviour.items()},
        "moments": dict(truth.moments),
    }
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def comment_row(comment: DemoComment) -> dict[str, str | int | bool | None]:
    """One comment under the importer's names."""
    return {
        "source_id": comment.source_id, "account": comment.account, "contact_email": comment.contact,
        "received_at": comment.said_at.isoformat(), "text": comment.text, "kind": comment.kind,
        "channel": comment.channel, "hurt": comment.hurt, "touches": comment.touches,
        "would_solve": comment.would_solve, "wants_senior": comment.wants_senior,
        "may_ask_others": comment.may_ask_others, "not_seen_by": comment.not_seen_by,
    }  # fmt: skip


def services_text(services: Iterable[ServiceUse]) -> str:
    """As in `Linen from 2024-03-01; Catering from 2023-01-01 to 2026-06-30`."""
    return "; ".join(
        f"{use.name} from {use.from_on}" + (f" to {use.to_on}" if use.to_on else "") for use in services
    )


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerows(rows)


def _account_rows(story: Story) -> Iterator[list[str]]:
    people: dict[str, list[Contact]] = {}
    for contact in story.contacts:
        people.setdefault(contact.account, []).append(contact)
    for account in story.accounts:
        front = _account_front(account)
        for contact in people.get(account.name, ()):
            yield [*front, contact.name, contact.role, contact.email or "", contact.phone or ""]
        if account.name not in people:
            yield [*front, "", "", "", ""]


def _account_front(account: Account) -> list[str]:
    cents = account.yearly_value_cents
    value = "" if cents is None else f"{cents // 100}.{cents % 100:02d}"
    return [
        account.import_id, account.name, account.group or "", account.segment,
        services_text(account.services),
        value, account.currency, account.owner, account.owner_email,
    ]  # fmt: skip


def _issue(issue: TrueIssue) -> Mapping[str, object]:
    return {
        "title": issue.title, "services": list(issue.services), "applies": sorted(issue.applies),
        "problem": sorted(issue.problem), "manages": sorted(issue.manages),
        "sites": {group: sorted(sites) for group, sites in issue.sites.items()},
        "since": issue.since.isoformat(),
        "solved_on": issue.solved_on.isoformat() if issue.solved_on else None,
        "came_back_on": issue.came_back_on.isoformat() if issue.came_back_on else None,
        "unsolved": sorted(issue.unsolved),
    }  # fmt: skip


def _behaviour(behaviour: Behaviour) -> Mapping[str, object]:
    return {
        "group": behaviour.group, "temper": behaviour.temper, "days_to_answer": behaviour.days_to_answer,
        "needs_reminder": behaviour.needs_reminder, "differs_on": sorted(behaviour.differs_on),
    }  # fmt: skip
