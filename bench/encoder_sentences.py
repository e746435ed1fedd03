"""Sentences of our own for the encoder's recipe: a small grammar of what clients say."""

import itertools
import random
import re
from collections.abc import Iterator

# fmt: off
WORDS: dict[str, tuple[str, ...]] = {
    "thing": ("card", "account", "payment", "transfer", "invoice", "refund", "order", "parcel", "delivery", "contract", "report", "dashboard", "password", "login", "booking", "subscription", "loan", "statement", "deposit", "balance", "fee", "quote", "ticket", "licence", "device", "phone", "laptop", "printer", "server", "backup", "shipment", "pallet", "driver", "technician", "cleaner", "consultant", "claim", "policy", "certificate", "payslip", "timesheet", "audit", "training", "upgrade", "installation", "integration", "export", "meeting", "appointment", "form", "document", "signature", "address", "name", "number", "PIN", "code", "app", "website", "portal", "wallet", "currency", "exchange rate", "cheque", "cash machine", "cash withdrawal", "direct debit", "standing order", "credit limit", "bank transfer", "top up", "receipt", "purchase order", "credit note", "service level", "inspection", "repair", "spare part", "filter", "lift", "alarm", "uniform", "menu", "room", "mortgage", "interest", "late fee", "insurance", "salary", "tax form", "virtual card", "identity check", "passport", "visa", "mailbox", "shared folder", "firewall", "network", "meter", "vehicle", "route", "warehouse", "catalogue", "sample"),
    "bad": ("has not arrived", "is missing", "is wrong", "was declined", "was rejected", "was cancelled", "does not work", "stopped working", "is still pending", "was charged twice", "is late again", "never came", "was lost", "was stolen", "is blocked", "has expired", "is about to expire", "failed", "is damaged", "was refused", "is not showing", "has disappeared", "is incomplete", "is too slow", "is too expensive", "went up without notice", "was changed without asking us", "cannot be found", "was sent to the wrong address", "is not accepted", "keeps crashing", "is out of date", "was delayed", "shows the wrong amount", "was reversed", "is locked", "is broken", "was swallowed", "is not recognised", "is higher than agreed", "has a mistake in it", "was returned", "was not confirmed", "is not supported", "is unclear"),
    "good": ("arrived on time", "works very well", "was solved quickly", "is excellent", "is clear and useful", "was explained kindly", "saved us hours", "is much better now", "was handled professionally", "is easy to use", "came earlier than promised", "has been fixed", "was worth every cent", "made our week"),
    "do": ("change", "cancel", "track", "find", "order", "activate", "close", "open", "verify", "update", "replace", "return", "renew", "freeze", "delete", "download", "pay", "receive", "send", "add", "remove", "use", "get", "check", "transfer", "top up", "split", "increase", "limit", "report", "link", "confirm", "reset", "recover", "move", "withdraw", "exchange", "deposit", "request", "edit", "stop", "reorder", "print", "share", "sign"),
    "who": ("your team", "the support desk", "our account manager", "the driver", "the new technician", "your colleague", "the billing department", "the hotline", "the engineer on site", "the project lead", "nobody", "the person on the phone", "reception", "your night crew", "the trainer", "sales", "the help centre", "the seller", "the merchant", "the bank", "the shop"),
    "did": ("did not call back", "answered within an hour", "was rude to our staff", "was friendly and patient", "ignored three emails", "promised something else", "left the company", "changed again this month", "came unprepared", "listened carefully", "gave us the wrong information", "did not know our contract", "solved it at once", "passed us from one person to the next", "never confirmed the date", "charged us anyway", "did not turn up", "kept us informed", "refused to help", "asked for the same papers again", "took the time to understand us", "double booked us"),
    "when": ("yesterday", "last week", "this morning", "two weeks ago", "on Monday", "since March", "every month", "for the third time", "over the weekend", "a few days ago", "again", "just now", "at month end", "before the deadline", "while I was abroad", "during the night shift", "after the update", "this quarter", "since the migration", "all day"),
    "place": ("in the app", "on the website", "in the shop", "abroad", "at the machine", "on my statement", "in the portal", "at our warehouse", "in our office", "by post", "online", "over the phone", "by email", "on site", "in another country", "at the hotel", "in euros", "in dollars", "in my account", "on the invoice"),
    "effect": ("our month end close is delayed", "we had to do it by hand", "our own customers complained", "we lost a day of work", "we cannot bill", "my staff waits", "we pay twice", "nobody trusts the figures any more", "production stopped", "it costs us money", "we are thinking about leaving", "we may end the contract", "it is only a small annoyance", "we are very happy", "I want my money back", "I need this today", "it makes us look bad", "we had to call five times", "I am worried somebody else used it", "we would like to stay but not like this", "I do not feel safe"),
    "ask": ("how do I", "can I", "where can I", "why can't I", "when can I", "is it possible to", "do I have to", "am I able to", "what do I need to", "please help me", "I want to", "I would like to", "I need to", "I tried to", "I forgot to", "we are unable to", "who can", "how long does it take to", "is there a fee to", "what happens if I", "I don't know how to", "should I", "are we allowed to", "how much does it cost to"),
    "more": ("money", "time", "information", "people", "training", "notice", "detail", "credit", "copies", "countries", "currencies", "limits", "colours", "languages", "options", "hours", "days", "documents", "options to pay", "choice"),
    "adj": ("new", "old", "second", "temporary", "business", "personal", "annual", "monthly", "foreign", "physical", "digital", "shared", "wrong", "correct", "extra", "hidden", "unexpected", "automatic", "manual", "instant", "international", "disposable", "recent", "final", "first", "urgent"),
}

FRAMES: tuple[str, ...] = (
    "my {thing} {bad} {when}", "the {adj} {thing} {bad}", "our {thing} {bad} and {effect}",
    "{who} {did} {when}", "{ask} {do} my {thing}", "{ask} {do} the {adj} {thing} {place}?",
    "the {thing} {good}", "{who} {did}, so {effect}", "why was I charged a {adj} fee for the {thing} {when}?",
    "I still don't have my {thing}, I asked for it {when}", "how long until the {thing} gets here?",
    "what is the {thing} for a {adj} {thing2}?", "there is a {thing} {place} that I did not make",
    "I don't recognise this {thing} {place}", "we need {more} {when}", "you offer too little {more}",
    "the {thing} {bad} but the {thing2} {good}", "since {when} the {thing} {bad}; {who} {did}",
    "do you support {more} {place}?", "which {more} does the {adj} {thing} support?",
    "is there a limit on the {adj} {thing}?", "we asked {who} to {do} the {thing} and {effect}",
    "please {do} the {thing} {when}", "I lost my {thing} {place}", "someone may have my {thing}",
    "the {thing} was not in the {thing2}", "the amount {place} for the {thing} is not right",
    "I got less {more} than I asked for", "the rate you applied to my {thing} {place} was wrong",
    "my {thing} was taken {place} {when}", "no one told us that the {thing} {bad}",
    "{who} told us the {thing} {good}, but it {bad}", "thank you, the {thing} {good}",
    "what do I do if the {thing} {bad}?", "can someone tell me why the {thing} {bad} {place}",
    "as a {adj} customer {ask} {do} a {thing}", "can my children {do} a {thing}?",
    "the {thing} from {who} {bad} {when}", "we would recommend your {thing} to others",
    "{who} {did} about the {adj} {thing}", "{effect} because the {thing} {bad}",
    "I sent a {thing} {when} and it is still not there", "it says my {thing} {bad}",
    "the {thing} you sent is not the {thing2} we ordered", "can I have a {adj} {thing} as well as a {thing2}?",
)

_SLOT = re.compile(r"\{([a-z]+)2?\}")


def own_sentences(*, count: int, seed: int = 7) -> Iterator[str]:
    """Give `count` distinct sentences, the same for the same seed."""
    rng = random.Random(seed)
    seen: set[str] = set()
    for frame in itertools.cycle(FRAMES):
        said = _SLOT.sub(lambda slot: rng.choice(WORDS[slot.group(1)]), frame)
        if said not in seen:
            seen.add(said)
            yield said
        if len(seen) >= count:
            return
