"""One round of a question in the past: written, sent, delivered, answered day by day, reminded, closed."""

import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from voc.accounts.models import Account, Contact
from voc.checks import answering, asking, audience, calls, closing, drafting, reading
from voc.checks.models import Ask, Call, Check
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.policy import DEFAULT
from voc.demo.conduct import Conduct, Deed, cast
from voc.demo.hands import acting
from voc.demo.life.past import Past, Words
from voc.demo.post import deliver
from voc.issues.models import Issue
from voc.mail.links import by_link
from voc.mail.models import Link

_DAY = timedelta(days=1)
_LEAVES = timedelta(minutes=DEFAULT.stop_minutes + 1)
_ANSWERED_AFTER = timedelta(hours=2)
_CALL_DAYS = (2, 7, 12)  # when our people go through their phone lists


@dataclass(frozen=True, slots=True)
class Round:
    """A question that is out: when its mails left, whom we asked, and how they behave."""

    past: Past
    check: Check
    key: str
    words: Words
    left_at: datetime
    conduct: Conduct
    left_to_you: frozenset[str] = frozenset()

    def answer_until(self, last: datetime) -> None:
        """Lets the days pass until `last`: answers come in, reminders go out, what is over is closed."""
        day = 0
        while (now := self.left_at + day * _DAY + _ANSWERED_AFTER) <= last:
            with clock.frozen(now):
                self._pass_day(day)
            day += 1

    def _pass_day(self, day: int) -> None:
        session = self.past.session
        while closing.close_due(session):
            pass
        if self.check.state == "asking":
            for ask, email in self._open_asks():
                self._act(ask, email, day)
            if day in _CALL_DAYS:
                self._call_back(day)
        while closing.remind_due(session, zone=self.past.zone):
            pass
        while closing.call_due(session):
            pass
        with clock.frozen(clock.now() + _LEAVES):
            deliver(session, self.past.settings)

    def _call_back(self, day: int) -> None:
        """Our people ring whoever is due; half of those who did not answer are reached, bounces are rung last."""
        session = self.past.session
        rows = session.execute(
            select(Call, Ask, Account.name)
            .join(Ask, (Ask.account_id == Call.account_id) & (Ask.id == Call.ask_id))
            .join(Account, Account.id == Ask.group_id)
            .where(Ask.check_id == self.check.id, Call.done_at.is_(None), Call.due_on <= clock.now().date())
            .order_by(Call.id)
        ).all()
        with acting(session, self.past.person("lead")):
            for place, (call, ask, group) in enumerate(rows):
                answered = ask.state == "answered"
                if ask.state == "bounced" and day != _CALL_DAYS[-1]:
                    continue
                if not answered and place % 2:
                    calls.done(session, call, result="not_reached")
                    continue
                says = None if answered else _truly(self.past, self.key, group)
                calls.done(session, call, result="spoke", says=says)

    def _open_asks(self) -> list[tuple[Ask, str]]:
        rows = self.past.session.execute(
            select(Ask, Contact.email)
            .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
            .where(Ask.check_id == self.check.id, Ask.state == "asked", Contact.email.is_not(None))
            .order_by(Ask.id)
        )
        return [(ask, email) for ask, email in rows if email]

    def _act(self, ask: Ask, email: str, day: int) -> None:
        """What this person does today: by the mail they got, or by its reminder."""
        deed = self.conduct.asked(
            email, self.key, self.check.since_on, is_reminder=ask.reminded_at is not None
        )
        since = ask.reminded_at or ask.asked_at
        if (
            email in self.left_to_you
            or deed is None
            or since is None
            or since.date() + deed.days * _DAY > clock.now().date()
        ):
            return
        link = self.past.session.scalar(select(Link).where(Link.thing == ask.public_id))
        if link is None:
            return
        with acting(self.past.session, by_link(link)):
            self._do(ask, deed, random.Random(f"{email} {day}"))

    def _talks(self, ask: Ask) -> bool:
        """Whether this client ever wrote a word: those who never did press a button and no more."""
        group = self.past.session.get_one(Account, ask.group_id)
        return self.past.story.truth.talk.get(group.name, 0) > 0

    def read_all(self) -> None:
        """The lead reads every answer that came with words."""
        asks = select(Ask.public_id).where(Ask.check_id == self.check.id, Ask.state == "answered")
        for public_id in self.past.session.scalars(asks).all():
            with suppress(NotFound):  # an answer without words needs no reading
                reading.keep_read(self.past.session, public_id, is_read=True)

    def _do(self, ask: Ask, deed: Deed, rng: random.Random) -> None:
        session, zone = self.past.session, self.past.zone
        if deed.act == "not_me":
            answering.not_me(session, ask, zone=zone)
        elif deed.act == "stop_asking":
            answering.stop_asking(session, ask)
        elif deed.act in ("answer", "pass_on"):
            lines = self.words["said"].get(deed.value) if deed.with_words and self._talks(ask) else None
            words = rng.choice(lines) if lines else None
            answering.answer(session, ask, says=deed.value, words=words, colleague=None, zone=zone)
            if deed.colleague:
                name = next(one.name for one in self.past.story.contacts if one.email == deed.colleague)
                answering.pass_on(session, ask, name=name, email=deed.colleague, zone=zone)


def _truly(past: Past, key: str, group: str) -> str:
    """What is true for this client: what somebody there says on the phone."""
    truth = past.story.truth.issues[key]
    return "problem" if group in truth.problem else "manages" if group in truth.manages else "no"


def draft(past: Past, issue: Issue, words: Words, days_ago: int) -> Check:
    """The question as the lead wrote it on that day, with what follows from many a yes and who decides."""
    with past.on(days_ago) as session:
        check = drafting.draft(session, issue, what=words["what"], since_on=past.day(words["since_days_ago"]))
        drafting.plan(
            session, check, if_many=words["if_many"], decider_public_id=past.user(words["owner"]).public_id,
            decide_by=past.day(days_ago - words["decide_in_days"]), zone=past.zone,
        )  # fmt: skip
    return check


def send(past: Past, check: Check, key: str, words: Words, chosen: Mapping[str, str]) -> Round:
    """The question on its way, and every mail of it where it goes; `chosen` says whom to ask at a client."""
    days_ago = words["asked_days_ago"]
    with past.on(days_ago, 10) as session:
        for client, email in chosen.items():
            _choose(past, check, client, email)
        batch = asking.send(session, check, zone=past.zone)
    asked = _asked(past, check)
    conduct = cast(past.story, key, asked)
    bouncing = [email for email in asked if _bounces(conduct, email, key)]
    left_at = batch.leaves_at + _LEAVES
    with clock.frozen(left_at):
        deliver(past.session, past.settings, bouncing=bouncing)
        closing.open_due(past.session)
    past.session.refresh(check)
    return Round(past, check, key, words, left_at, conduct)


def _choose(past: Past, check: Check, client: str, email: str) -> None:
    session = past.session
    account = session.scalars(select(Account).where(Account.name == client)).one()
    contact = session.scalars(select(Contact).where(Contact.email_key == email)).one()
    audience.choose_person(session, check, account.public_id, contact.public_id)


def _asked(past: Past, check: Check) -> Sequence[str]:
    rows = past.session.scalars(
        select(Contact.email)
        .join(Ask, (Ask.account_id == Contact.account_id) & (Ask.contact_id == Contact.id))
        .where(Ask.check_id == check.id, Ask.how == "mail", Contact.email.is_not(None))
    )
    return sorted(email for email in rows if email)


def _bounces(conduct: Conduct, email: str, key: str) -> bool:
    who = conduct.behaviour(email, key)
    return who is not None and who.temper == "bounces"
