"""The files hold the whole story in the importers' own words."""

import csv
import json
from datetime import datetime
from pathlib import Path

from voc.demo.files import (
    ACCOUNT_COLUMNS,
    write_accounts_csv,
    write_comments_jsonl,
    write_truth_json,
    write_usage_csv,
)
from voc.demo.story import Story

COMMENT_KEYS = {
    "source_id", "account", "contact_email", "received_at", "text", "kind", "channel", "hurt", "touches",
    "would_solve", "wants_senior", "may_ask_others", "not_seen_by",
}  # fmt: skip


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_client_list_comes_back_whole(story: Story, tmp_path: Path) -> None:
    write_accounts_csv(story, tmp_path / "accounts.csv")
    rows = read_csv(tmp_path / "accounts.csv")
    assert tuple(rows[0]) == ACCOUNT_COLUMNS
    assert {row["name"] for row in rows} == {account.name for account in story.accounts}
    people = {(row["name"], row["contact_name"], row["contact_email"]) for row in rows if row["contact_name"]}
    assert people == {(each.account, each.name, each.email or "") for each in story.contacts}


def test_account_columns_repeat_on_each_row_of_an_account(story: Story, tmp_path: Path) -> None:
    write_accounts_csv(story, tmp_path / "accounts.csv")
    fronts: dict[str, set[tuple[str, ...]]] = {}
    for row in read_csv(tmp_path / "accounts.csv"):
        fronts.setdefault(row["import_id"], set()).add(tuple(row[name] for name in ACCOUNT_COLUMNS[:9]))
    assert all(len(front) == 1 for front in fronts.values())


def test_money_and_services_are_written_as_the_importer_reads_them(story: Story, tmp_path: Path) -> None:
    write_accounts_csv(story, tmp_path / "accounts.csv")
    rows = {row["name"]: row for row in read_csv(tmp_path / "accounts.csv")}
    account = story.accounts[0]
    assert round(float(rows[account.name]["yearly_value"]) * 100) == account.yearly_value_cents
    parts = rows[account.name]["services"].split("; ")
    assert parts[0].split(" from ") == [account.services[0].name, account.services[0].from_on.isoformat()]
    assert any(" to " in row["services"] for row in rows.values())


def test_a_site_leaves_its_value_open(story: Story, tmp_path: Path) -> None:
    write_accounts_csv(story, tmp_path / "accounts.csv")
    assert {row["yearly_value"] for row in read_csv(tmp_path / "accounts.csv") if row["group"]} == {""}


def test_comments_come_back_one_a_line_in_order_of_time(story: Story, tmp_path: Path) -> None:
    write_comments_jsonl(story, tmp_path / "comments.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "comments.jsonl").read_text("utf-8").splitlines()]
    assert all(set(row) == COMMENT_KEYS for row in rows)
    assert [(row["source_id"], row["text"]) for row in rows] == [
        (c.source_id, c.text) for c in story.comments
    ]
    times = [datetime.fromisoformat(row["received_at"]) for row in rows]
    assert times == sorted(times)
    assert all(time.utcoffset() is not None for time in times)


def test_source_ids_are_unique(story: Story) -> None:
    assert len({comment.source_id for comment in story.comments}) == len(story.comments)


def test_usage_comes_back_whole(story: Story, tmp_path: Path) -> None:
    write_usage_csv(story, tmp_path / "usage.csv")
    rows = read_csv(tmp_path / "usage.csv")
    assert len(rows) == len(story.usage)
    assert sum(int(row["quantity"]) for row in rows) == sum(reading.quantity for reading in story.usage)


def test_the_truth_is_written_for_tests(story: Story, tmp_path: Path) -> None:
    write_truth_json(story, tmp_path / "truth.json")
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert set(truth["about"]) == {comment.source_id for comment in story.comments}
    assert len(truth["issues"]["late_round"]["problem"]) + len(truth["issues"]["late_round"]["manages"]) == 18
