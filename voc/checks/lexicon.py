"""The words a fair question does without, each with what takes its place: our own lists, plain English.

A phrase maps to its replacement; "" drops it, None says that no machine can repair it.
"""

from typing import Final

PRESUMING: Final[dict[str, str | None]] = {
    "again": "", "still": "", "too": "", "also": "", "as well": "", "likewise": "", "once more": "",
    "yet again": "", "yet another": "another", "even": "", "as usual": "", "as always": "", "always": "",
    "every time": "", "each time": "", "constantly": "", "continually": "", "continuously": "",
    "repeatedly": "", "regularly": "", "increasingly": "", "more and more": "", "anymore": "", "any more": "",
    "ever": "", "never": None, "others": None, "everyone": None, "everybody": None,
    "like others": "", "like many": "", "the same problem": None, "how bad": None, "how badly": None,
    "how often": None, "how much": None, "how many": None, "continued to": "", "continue to": "",
    "continues to": "", "keeps on": None, "kept on": None, "got worse": None, "gets worse": None,
    "worse and worse": None, "of course": "", "obviously": "", "clearly": "", "as you know": "",
    "surely": "", "no doubt": "", "don't you": "", "isn't it": "", "right": None,
}  # fmt: skip
FREE: Final = (
    "stood still",
    "stand still",
    "stands still",
    "by hand",
    "an even number",
    "right away",
)  # say what happened
BLAMING: Final[dict[str, str | None]] = {
    "fault": None, "faults": None, "our fault": None, "failed to": None, "failed": None, "fails": None,
    "failing": None, "failure": None, "failures": None, "careless": "", "carelessly": "", "carelessness": None,
    "negligent": "", "negligently": "", "negligence": None, "incompetent": "", "incompetence": None,
    "sloppy": "", "sloppily": "", "lazy": "", "unprofessional": "", "unfriendly": "", "rude": "", "rudely": "",
    "ignored": None, "ignores": None, "ignoring": None, "forgot": None, "forgets": None, "forgotten": None,
    "neglected": None, "neglects": None, "let you down": None, "messed up": None, "botched": None,
    "bungled": None, "by mistake": "", "mistake": None, "mistakes": None, "blunder": None, "to blame": None,
    "blame": None, "guilty": None, "lied": None, "broke our promise": None, "could not be bothered": None,
    "refused to help": None, "didn't care": None, "did not care": None, "wrongly": "", "unreliable": "",
    "unreliably": "", "chaotic": "", "incapable": None, "ill-prepared": "", "badly trained": "",
}  # fmt: skip
OUR_PEOPLE: Final = (
    "driver", "drivers", "technician", "technicians", "staff", "team", "people", "person", "colleague",
    "colleagues", "employee", "employees", "account manager", "contact", "planner", "planners", "planning",
    "support", "service desk", "helpdesk", "manager", "managers", "management", "office", "back office",
    "worker", "workers", "accountant", "accounts department", "sales", "salesperson", "mechanic", "nurse",
    "consultant", "consultants", "director", "dispatcher", "warehouse", "customer service", "service lead",
)  # fmt: skip
LOADED: Final[dict[str, str | None]] = {
    "terrible": "", "terribly": "", "horrible": "", "horribly": "", "awful": "", "awfully": "", "annoying": "",
    "annoyingly": "", "annoyed": None, "irritating": "", "irritated": None, "frustrating": "", "frustrated": None,
    "finally": "", "at last": "", "unacceptable": "", "unacceptably": "", "ridiculous": "", "ridiculously": "",
    "disappointing": "", "disappointed": None, "shocking": "", "shockingly": "", "poor": "", "poorly": "",
    "bad": "", "badly": "", "worst": "", "worse": None, "disastrous": "", "disaster": None, "chaos": None,
    "nightmare": None, "mess": None, "hopeless": "", "hopelessly": "", "useless": "", "unfortunately": "",
    "sadly": "", "seriously": "", "serious": "", "really": "", "very": "", "extremely": "", "totally": "",
    "completely": "", "outrageous": "", "unreasonable": "", "unreasonably": "", "unfair": "", "unfairly": "",
    "suffered from": "had", "suffer from": "have", "suffered": None, "suffer": None, "suffering": None,
    "struggled to": "tried to", "struggle": None, "struggled": None, "victim": None, "hassle": None,
    "painful": "", "pain": None, "endless": "long", "endlessly": "", "ages": None, "forced to": None,
    "forever": None, "huge": "", "massive": "", "dreadful": "", "lousy": "", "stupid": "", "needless": "",
    "needlessly": "", "unnecessary": "", "unnecessarily": "", "embarrassing": "", "upset": None, "angry": None,
    "upsetting": "", "miserable": "", "excellent": "", "great": "", "wonderful": "", "perfect": "",
    "perfectly": "", "happy": None, "unhappy": None, "satisfied": None, "dissatisfied": None, "problem": None,
    "problems": None, "trouble": None, "troubles": None, "complaint": None, "complaints": None,
    "complain": None, "complained": None, "inconvenience": None, "inconvenient": "", "of all things": "",
    "honestly": "", "hugely": "", "appalling": "", "appallingly": "", "inexcusable": "", "inexcusably": "",
    "far too": "", "way too": "", "much too": "", "merely": "", "simply": "", "just": "",
}  # fmt: skip
NEGATIONS: Final = frozenset({
    "not", "no", "never", "nobody", "none", "nothing", "nowhere", "neither", "nor", "without", "lack",
    "lacks", "lacked", "lacking", "cannot", "unable", "hardly", "barely", "fail", "fails", "failed",
    "unless", "refuse", "refused", "avoid", "avoided", "deny", "denied", "missing",
})  # fmt: skip
PERIODS: Final = (
    "last week", "last month", "last year", "last quarter", "this week", "this month", "this year",
    "this quarter", "these days", "lately", "recently", "so far", "in recent weeks", "in recent months",
    "in the past", "in the last", "over the last", "over the past", "during the last", "yesterday", "today",
    "nowadays", "currently", "at the moment", "since", "before christmas", "after the summer",
)  # fmt: skip
CALENDAR: Final = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "christmas", "easter", "i", "vat", "pdf", "edi", "iban", "pin", "id", "ok", "xml", "csv", "api",
})  # fmt: skip
MONTHS_NAMED: Final = frozenset({
    "january", "february", "april", "june", "july", "august", "september", "october", "november", "december",
})  # fmt: skip
VERBS: Final = frozenset(
    ["was", "were", "is", "are", "am", "be", "been", "has", "had", "have", "did", "do", "does", "could", "would", "can", "will", "shall", "should", "may", "might", "must", "came", "come", "comes", "went", "go", "goes", "gone", "got", "get", "gets", "arrived", "arrive", "arrives", "sent", "send", "sends", "gave", "give", "gives", "given", "took", "take", "takes", "taken", "told", "tell", "tells", "said", "say", "says", "made", "make", "makes", "left", "leave", "leaves", "kept", "keep", "keeps", "lost", "lose", "loses", "broke", "break", "breaks", "broken", "fell", "fall", "falls", "wrote", "write", "writes", "written", "paid", "pay", "pays", "brought", "bring", "brings", "found", "find", "finds", "held", "hold", "holds", "put", "puts", "cost", "costs", "stood", "stand", "stands", "stopped", "stop", "stops", "started", "start", "starts", "began", "begin", "begins", "waited", "wait", "waits", "asked", "ask", "asks", "called", "call", "calls", "needed", "need", "needs", "received", "receive", "receives", "missed", "miss", "misses", "changed", "change", "changes", "showed", "show", "shows", "shown", "cut", "rang", "ring", "rings", "heard", "hear", "hears", "saw", "see", "sees", "seen", "felt", "feel", "feels", "became", "become", "ended", "end", "ends", "stayed", "stay", "stays", "bought", "buy", "sold", "sell", "charged", "charge", "billed", "bill", "booked", "book", "delivered", "deliver", "delivers"]
)  # fmt: skip
STATES: Final = frozenset(
    ["late", "early", "twice", "wrong", "incomplete", "damaged", "missing", "broken", "wet", "dirty", "cold", "warm", "short", "unsigned", "unannounced", "unanswered", "unpaid", "double", "unreadable", "empty", "incorrect", "unfinished", "unlabelled", "open", "closed", "delayed"]
)  # fmt: skip
STARTS: Final = STATES | frozenset(
    {"without", "not", "nobody", "never", "no", "then", "you", "we", "it", "they"}
)
PAST: Final[dict[str, str]] = {
    "come": "came", "arrive": "arrived", "change": "changed", "get": "got", "receive": "received",
    "have": "had", "go": "went", "take": "took", "wait": "waited", "call": "called", "lose": "lost",
    "miss": "missed", "pay": "paid", "send": "sent", "stop": "stopped", "break": "broke", "need": "needed",
    "ask": "asked", "tell": "told", "hear": "heard", "find": "found", "leave": "left", "cost": "cost",
}  # fmt: skip
NOT_PAST: Final = frozenset(
    {"hundred", "shared", "red", "bed", "unsigned", "named", "agreed", "detailed", "fixed"}
)
PAIRS: Final = (
    "terms and conditions", "health and safety", "goods and services", "pick and pack", "import and export",
    "bed and breakfast", "profit and loss", "research and development", "food and drink", "day or night",
    "more or less", "one or more", "name and address", "two and a half", "half an hour or more", "an hour or more",
)  # fmt: skip
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "came": ("arrived", "reached you"), "arrived": ("came", "reached you"), "got": ("received",),
    "received": ("got",), "late": ("after the agreed time", "later than agreed"), "missing": ("not there",),
    "without": ("lacking",), "invoice": ("bill",), "invoices": ("bills",), "bill": ("invoice",),
    "delivery": ("consignment",), "deliveries": ("consignments",), "call": ("phone call",),
    "called": ("rang",), "told": ("informed",), "order": ("purchase order",), "changed": ("altered",),
    "wrong": ("not the right",), "answer": ("reply",), "answered": ("replied to",), "waited": ("had to wait",),
    "asked": ("requested",), "sent": ("mailed",), "before": ("ahead of",), "after": ("following",),
    "report": ("overview",), "visit": ("appointment",), "driver": ("courier",), "because": ("as",),
    "was": ("has been",), "were": ("have been",), "time": ("moment",), "longer": ("more time",),
    "your": ("the",), "the": ("your",), "an": ("one",), "a": ("one",), "not": ("never",),
}  # fmt: skip
PROCESS_WORDS: Final = frozenset(
    ["procedure", "process", "form", "list", "code", "sheet", "protocol", "routine", "rota", "scheme", "workflow", "method", "portal", "tray", "cart", "label", "folder", "checklist", "template", "file", "register", "report", "board", "round", "route", "slot", "window", "line", "desk", "tool"]
)  # fmt: skip
PLAIN: Final = frozenset(
    ["a", "an", "the", "and", "or", "but", "of", "to", "in", "on", "at", "by", "for", "from", "with", "without", "about", "into", "over", "under", "your", "our", "you", "we", "it", "they", "that", "this", "these", "those", "is", "are", "was", "were", "be", "been", "has", "had", "have", "not", "no", "as", "than", "when", "while", "which", "who", "order", "orders", "number", "numbers", "invoice", "invoices", "bill", "bills", "delivery", "deliveries", "call", "calls", "mail", "mails", "answer", "answers", "price", "prices", "change", "changes", "date", "dates", "day", "days", "week", "weeks", "time", "hour", "hours", "late", "early", "new", "old", "wrong", "right"]
)  # fmt: skip
ORDINARY_NAMES: Final = frozenset(
    ["bill", "mark", "may", "will", "grace", "rose", "rob", "art", "max", "frank", "grant", "miles", "drew", "chase", "dean", "earl", "faith", "hope", "joy", "ray", "rich", "sue", "pat", "dick", "jack", "guy", "lance", "wade", "heath", "ivy", "violet", "summer", "autumn", "april", "june", "august", "dawn", "eve", "iris", "pearl", "ruby", "amber", "penny", "clinic", "clinics", "hospital", "hospitals", "school", "schools", "group", "home", "homes", "house", "care", "centre", "center", "north", "south", "east", "west", "park", "hill", "food", "foods", "system", "systems", "service", "services", "company", "holding", "international", "national", "general", "first", "city", "town", "royal", "union", "trade", "trading", "logistics", "transport", "medical", "health", "dental", "pharmacy", "bakery", "garden", "gardens", "hotel", "hotels", "bank", "banks", "insurance", "energy", "water", "waste", "paper", "print", "press", "media", "studio", "design", "building", "construction", "partners", "partner", "and", "the", "of", "for", "de", "van", "der", "den", "von", "la", "le", "du", "church", "foundation", "trust", "college", "university", "institute", "laboratory", "labs", "lab", "office", "offices", "supply", "supplies", "invoice", "invoicing", "order", "orders", "delivery", "deliveries", "client", "account", "number", "green", "white", "black", "brown", "young", "small", "long", "short", "good", "best", "mill", "farm", "farms", "market", "markets", "store", "stores", "shop", "shops", "works", "work", "line", "lines", "point", "base", "core", "one", "two", "three", "main", "high", "low", "new", "old", "bridge", "lake", "river", "field", "fields", "stone", "wood", "woods", "forest", "valley", "practice", "surgery", "kitchen", "stock", "plant", "plants", "machine", "machines", "steel", "metal", "glass", "textile", "laundry", "cleaning", "security", "training", "support", "quality", "express", "direct", "local", "regional", "central", "public", "private", "personal", "digital", "data", "cloud", "network", "bv", "ag", "gmbh", "ltd", "inc", "plc", "llc", "nv", "sa", "co", "oy", "ab", "as"]
)  # fmt: skip
QUESTION_STARTS: Final = frozenset(
    [
        "did",
        "do",
        "does",
        "has",
        "have",
        "was",
        "were",
        "is",
        "are",
        "am",
        "will",
        "would",
        "could",
        "can",
        "should",
        "may",
        "might",
        "how",
        "why",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whose",
        "whom",
    ]
)
CLIENT_WORDS: Final = (
    "clients",
    "customers",
    "companies",
    "firms",
    "hospitals",
    "practices",
    "organisations",
)
