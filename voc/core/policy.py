"""The policy defaults (model.md): each is a decision of ours that a provider may change."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers the rules lean on; units are in the names."""

    window_weeks: int = 26
    recurring_groups: int = 2
    leadership_groups: int = 5
    leadership_segments: int = 3
    evidence_weeks: int = 26
    prompted_weeks: int = 8
    next_update_working_days: int = 5
    escalation_working_days: int = 1
    who_else_days: int = 10
    question_days: int = 14  # a question stays open
    reminder_days: int = 5  # after delivery, once
    link_days: int = 21
    cooldown_days: int = 7  # between two questions to one person
    round_weeks: int = 13  # at most one round of questions a quarter
    questions_a_round: int = 3
    least_asked_groups: int = 5  # fewer cannot hide anyone: they are called instead
    dozen: int = 12
    few_clients: int = 40  # so few are asked all at once: quicker than a dozen, and no estimate is needed
    stop_minutes: int = 10  # a bulk message can be stopped
    sign_off_days: int = 14
    act_from_groups: int = 5
    others_groups: int = 5
    quiet_sigma: float = 2.0
    severity_weights: tuple[int, ...] = (1, 2, 4, 8)


DEFAULT = Policy()


def add_working_days(start: date, days: int) -> date:
    """The date `days` working days (Monday to Friday) after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5  # noqa: PLR2004 - Saturday is 5
    return day
