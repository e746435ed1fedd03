"""Decides how a question reads, how its answers stand, and when it may go: pure, on plain values."""

import hashlib
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voc.checks.screening import Problem
from voc.checks.sentences import clean_what, question, words_of
from voc.checks.wording import telling_terms, wording_problems
from voc.core.policy import DEFAULT, Policy

__all__ = ["Problem", "question", "telling_terms", "wording_problems"]  # the wording screen stands beside

SAYS_WORDS: dict[str, str] = {
    "no": "No",
    "problem": "Yes, it is a problem",
    "manages": "Yes, we manage",
    "not_used": "We do not use this",
    "cannot_tell": "I cannot tell",
}
RESULTS = ("spoke", "not_reached", "not_needed")
MAIL_HOUSES = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "web.de",
        "t-online.de",
        "proton.me",
        "protonmail.com",
        "ziggo.nl",
        "kpnmail.nl",
        "orange.fr",
        "free.fr",
    }
)  # everybody has an address there
LEAST_REASON = 20  # characters of a written reason (policy)
_NO_FIRST = ("no", "problem", "manages", "not_used", "cannot_tell")
_YES_FIRST = ("problem", "manages", "no", "not_used", "cannot_tell")
_TELLING = 4  # shorter words say nothing about a role (policy)
_EMPTY = frozenset(
    {
        "manager",
        "head",
        "with",
        "from",
        "your",
        "that",
        "this",
        "without",
        "came",
        "were",
        "been",
        "have",
        "after",
    }
)
_SAME_STEM = 5  # letters that two words of one root share, such as invoice and invoicing (policy)


def answer_order(no_first: bool) -> tuple[str, ...]:  # noqa: FBT001 - it is the one thing asked
    """The five answers in the order one person sees them; half of the people see No first."""
    return _NO_FIRST if no_first else _YES_FIRST


def halves(number: int, seed: int) -> tuple[bool, ...]:
    """Who of `number` people sees No first: as many as do not, or one more or less, in an order `seed` fixes."""
    order = [place % 2 == 0 for place in range(number)]
    random.Random(seed).shuffle(order)
    return tuple(order)


def draw(groups: Collection[int], seed: int, *, number: int, never: Collection[int] = ()) -> tuple[int, ...]:
    """`number` groups drawn at random, those of `never` apart.

    Each group has its own lot from `seed`: one that falls out is replaced and moves nobody else.
    """
    return tuple(sorted(set(groups) - set(never), key=lambda group: (_lot(seed, group), group))[:number])


def _lot(seed: int, group: int) -> bytes:
    return hashlib.blake2b(f"{seed} {group}".encode(), digest_size=8).digest()


@dataclass(frozen=True, slots=True)
class Person:
    """One contact of a client, as the choice of whom to ask sees them.

    `rules` are those of the address, `asked_on` when the person was last asked anything, `rounds` how many
    questions they got in this round, `spoke_on` when they last told us something themselves.
    """

    id: int
    account_id: int
    name: str
    role: str | None
    has_email: bool
    has_phone: bool
    may_be_asked: bool
    rules: frozenset[str] = frozenset()
    asked_on: date | None = None
    asked_this_round: int = 0
    round_began_on: date | None = None
    spoke_on: date | None = None
    left: str | None = None  # why a lead took this person out
    public_id: str = ""
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A person to ask, how, and why this one; `score` sorts the people of one client, best first."""

    person: Person
    how: str  # mail, call
    why: str
    score: tuple[float, ...]


def choices(
    people: Sequence[Person], roots: Collection[str], today: date, *, policy: Policy = DEFAULT
) -> tuple[Choice, ...]:
    """The people of one client who may be asked, the best fit first; empty when nobody may.

    `roots` are those of the question, the issue and its services (`roots_of`). Who can be written to goes
    before who can only be called.
    """
    found = [_choice(one, roots, today) for one in people if not refusal(one, today, policy=policy)]
    return tuple(
        sorted(found, key=lambda one: (one.how != "mail", *(-part for part in one.score), one.person.id))
    )


def refusal(person: Person, today: date, *, policy: Policy = DEFAULT) -> str | None:
    """Why this person may not be asked now, in words; None when they may."""
    if person.left:
        return person.left
    if not person.may_be_asked or "no_questions" in person.rules:
        return "asked us not to ask again"
    if person.asked_on is not None and (today - person.asked_on).days < policy.cooldown_days:
        return f"was asked less than {policy.cooldown_days} days ago"
    if person.asked_this_round >= policy.questions_a_round:
        return f"had {policy.questions_a_round} questions this quarter already"
    return _round_over(person, today, policy)


def _round_over(person: Person, today: date, policy: Policy) -> str | None:
    """A round lasts as long as a question stays open; the next begins a quarter after it began."""
    began = person.round_began_on
    if began is None or today >= began + timedelta(weeks=policy.round_weeks):
        return None
    if (today - began).days <= policy.question_days:
        return None
    return "had a round of questions this quarter already"


def _choice(person: Person, roots: Collection[str], today: date) -> Choice:
    by_mail = person.has_email and not person.rules & {"bounces", "no_mail"}
    shared = shared_words(person.role or "", roots)
    spoke = (today - person.spoke_on).days if person.spoke_on else None
    recent = 0.0 if spoke is None else 1.0 / (1.0 + max(spoke, 0) / 30)
    whys = []
    if shared:
        whys.append(f"the role “{person.role}” fits: {', '.join(shared)}")
    if spoke is not None:
        whys.append(_spoke(spoke))
    if not whys:
        whys.append(
            "the best person we know there" if person.role is None else f"{person.role}, the nearest we know"
        )
    if not by_mail:
        whys.append(_why_call(person))
    return Choice(
        person,
        "mail" if by_mail else "call",
        "; ".join(whys),
        (float(len(shared)), recent, float(bool(person.role))),
    )


def _spoke(days: int) -> str:
    if days < 1:
        return "spoke to us today"
    weeks = days // 7
    return (
        f"spoke to us {days} day{'s' * (days != 1)} ago"
        if weeks < 1
        else f"spoke to us {weeks} week{'s' * (weeks != 1)} ago"
    )


def _why_call(person: Person) -> str:
    if not person.has_email:
        return "no e-mail address, so a call"
    return (
        "mail to this address came back, so a call"
        if "bounces" in person.rules
        else "wants no mail, so a call"
    )


def roots_of(texts: Iterable[str]) -> frozenset[str]:
    """The roots of the telling words in some texts, such as “invoi” of “invoicing”."""
    return frozenset(
        word[:_SAME_STEM]
        for text in texts
        for word in words_of(text)
        if len(word) >= _TELLING and word not in _EMPTY
    )


def shared_words(role: str, roots: Collection[str]) -> tuple[str, ...]:
    """The words of a role that share a root with what is asked, such as “invoices” with “invoicing”."""
    telling = [word for word in words_of(role) if len(word) >= _TELLING and word not in _EMPTY]
    return tuple(dict.fromkeys(word for word in telling if word[:_SAME_STEM] in roots))


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether a question may go now."""

    issue_is_open: bool
    complained_today: bool
    groups_that_told: int
    may_ask_others: bool
    alone_reason: str | None
    if_many: str | None
    has_decider: bool
    decide_by: date | None
    wording: int
    by_mail: int
    by_call: int
    other_open: bool


def refusals(facts: Facts, today: date, *, policy: Policy = DEFAULT) -> tuple[str, ...]:
    """Why a question cannot be sent now, in sentences with the way out; empty when it can."""
    alone = facts.groups_that_told <= 1 and not facts.may_ask_others and not facts.alone_reason
    planned = bool(facts.if_many) and facts.has_decider and facts.decide_by is not None
    asked = facts.by_mail + facts.by_call
    said: Mapping[str, bool] = {
        "This issue was put aside or merged; open the issue it stands in now.": not facts.issue_is_open,
        "A client complained about this today. Asking others on the same day could tell them who it was: send it tomorrow.": facts.complained_today,
        "Only one client told us of this. It needs that client’s word that we may ask others, or an executive’s written reason.": alone,
        "Say what we would do if many say yes, who decides it and by when: no question without an owner.": not planned,
        "The day of the decision has passed. Choose a new one.": planned
        and facts.decide_by is not None
        and facts.decide_by < today,
        "The wording still needs a change; see beside it.": facts.wording > 0,
        "A question about this issue is open already. Wait until it closes.": facts.other_open,
        "There is nobody left to ask.": asked == 0,
        f"Fewer than {policy.least_asked_groups} clients would be asked, by mail or by phone: so few can be guessed. Ask more, or call them in another matter.": 0
        < asked
        < policy.least_asked_groups
        and facts.by_mail > 0,
    }
    return tuple(sentence for sentence, holds in said.items() if holds)


def spoken(what: str, since_on: date, today: date, *, provider: str, caller: str) -> tuple[str, ...]:
    """What a caller says, sentence by sentence: who calls and why, the question, the answers, what follows."""
    return (
        f"Good day, this is {caller} of {provider}. May I ask you one question about your work with us? It takes a minute.",
        question(what, since_on, today),
        "You can say no; yes, and it is a problem; yes, but you manage; that you do not use this; or that you cannot tell.",
        "Thank you. I write your answer down now, and you hear from us what came of it, even if that is nothing.",
    )


def is_reason(words: str) -> bool:
    """Whether a written reason says enough: twenty characters that are more than one word."""
    plain = " ".join(words.split())
    return len(plain) >= LEAST_REASON and len(words_of(plain)) > 2  # noqa: PLR2004 - "not necessary" is no reason


def wording_of(what: str) -> str:
    """The one thing asked about, as it is stored."""
    return clean_what(what)


def may_write_to(email: str, known: Iterable[str]) -> bool:
    """Whether an address that was typed in ends like one of this client's: never a stranger's, never a mail house's."""
    domain = email.strip().casefold().rpartition("@")[2]
    return domain not in MAIL_HOUSES and domain in {one.casefold().rpartition("@")[2] for one in known}
