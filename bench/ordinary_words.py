"""Makes the list of ordinary words that names are told from: python -m bench.ordinary_words --data DIR."""

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LISTS = (ROOT / "nlp" / "config" / "ordinary_words.txt", ROOT / "voc" / "core" / "ordinary_words.txt")
OWN = (
    "voc/analysis/starter_themes.toml", "nlp/config/background.txt", "nlp/config/small_talk.txt",
    "nlp/config/phrases.toml", "bench/encoder_sentences.py", "README.md",
)  # fmt: skip
_LEAST = 3
"""A word counts as ordinary when written small this often, and twice as often as capitalised within a sentence."""
_WORD = re.compile(r"[A-Za-z]{2,}")
_WITHIN = re.compile(r"[a-z,] $")
_WIDTH = 110
_CRUDE = re.compile(
    r"(?:fuck|shit|cunt|nigg|fag|slut|whore|porn|bitch|dick|cock(?!pit)|penis|vagin|rap(?:e|ing|ist)|retard|twat|wank|puss|tits|jizz|cum$)"
)
_NOT = frozenset("dev leo stan don jack ray dan mel von ben sam brad matt".split())  # noqa: SIM905
"""Names that people who write everything small leave behind."""
# Trades that our texts do not cover, and places: a word that means something else than a person.
MORE = ["carer", "carers", "disinfectant", "dispenser", "towel", "linen", "sharps", "syringe", "ward", "wards", "clinic", "dental", "denture", "hygiene", "nurse", "nurses", "sterile", "steriliser", "autoclave", "porter", "allergen", "allergens", "menu", "tray", "trays", "trolley", "forklift", "pallet", "pallets", "crane", "crate", "crates", "gravel", "scaffold", "marquee", "caterer", "catering", "bakery", "bouquet", "florist", "greenhouse", "nursery", "seedling", "seed", "meadow", "hay", "straw", "stable", "stables", "paddock", "vet", "vets", "harbour", "mooring", "mast", "hull", "sail", "sails", "berth", "jetty", "organ", "cello", "violin", "choir", "rehearsal", "orchestra", "stage", "usher", "rink", "gym", "locker", "sauna", "pool", "lane", "lawn", "hedge", "gutter", "roof", "boiler", "radiator", "thermostat", "plumber", "electrician", "joiner", "locksmith", "lift", "lifts", "escalator", "hoist", "elevator", "janitor", "caretaker", "cleaner", "cleaners", "rota", "shift", "temp", "temps", "payroll", "courier", "couriers", "dispatch", "depot", "warehouse", "inbox", "handset", "headset", "router", "firewall", "toner", "printer", "scanner", "bindery", "proofreader", "translator", "interpreter", "glossary", "invoice", "invoicing", "receipt", "quote", "tender", "surcharge", "rebate", "excise", "customs", "freight", "consignment", "waybill", "container", "trailer", "lorry", "tyre", "tyres", "brake", "gearbox", "spare", "widget", "gasket", "valve", "pump", "bearing", "conveyor", "lathe", "welding", "solvent", "adhesive", "resin", "coating", "enamel", "alloy", "steel", "timber", "plywood", "cement", "tile", "tiles", "glazing", "shutter", "awning", "carpet", "upholstery", "detergent", "bleach", "compost", "skip", "bin", "bins", "recycling", "sewage", "meter", "tariff", "outage", "blackout", "substation", "turbine", "inverter", "solar", "lukewarm", "mouldy", "soggy", "frozen", "stale", "rotten", "sprouted", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", "easter", "christmas", "whitsun", "europe", "england", "scotland", "wales", "ireland", "germany", "france", "spain", "italy", "belgium", "netherlands", "poland", "austria", "switzerland", "denmark", "sweden", "norway", "finland", "portugal", "greece", "turkey", "russia", "ukraine", "america", "canada", "mexico", "brazil", "india", "china", "japan", "london", "paris", "berlin", "madrid", "rome", "vienna", "munich", "hamburg", "bremen", "cologne", "frankfurt", "zurich", "geneva", "bern", "basel", "brussels", "antwerp", "ghent", "amsterdam", "rotterdam", "utrecht", "hague", "lisbon", "porto", "dublin", "belfast", "glasgow", "edinburgh", "cardiff", "bristol", "leeds", "manchester", "liverpool", "birmingham", "york", "oxford", "cambridge", "athens", "oslo", "stockholm", "copenhagen", "helsinki", "warsaw", "prague", "budapest", "milan", "turin", "venice", "naples", "lyon", "nantes", "lille", "marseille", "nice", "boston", "chicago", "dallas", "houston", "denver", "austin", "phoenix", "seattle", "miami", "atlanta", "charlotte", "orlando", "washington", "california", "texas", "florida", "georgia", "virginia", "carolina", "sydney", "melbourne", "brisbane", "perth", "auckland", "toronto", "montreal", "asia", "africa", "english", "german", "french", "dutch", "spanish", "italian", "polish", "danish", "swedish", "irish", "scottish", "welsh", "british", "american", "european", "baker", "butcher", "carpenter", "mason", "miller", "cook", "fisher", "hunter", "farmer", "gardener", "shepherd", "potter", "weaver", "bishop", "knight", "king", "prince", "abbot", "bell", "wood", "woods", "stone", "hill", "lake", "marsh", "moor", "heath", "field", "brook", "bridge", "church", "street", "green", "brown", "white", "black", "gray", "grey", "young", "long", "short", "small", "little", "strong", "swift", "sharp", "wise", "best", "good", "rich", "love", "noble", "savage", "swan", "finch", "fox", "wolf", "lamb", "bird", "hawk", "lily", "flower", "garland", "berry", "root", "branch", "bush", "tree", "oak", "ash", "elm", "birch", "frost", "snow", "winter", "summer", "spring", "rain", "storm", "day", "sun", "moon", "star", "price", "cash", "gold", "silver", "iron", "glass", "banks", "sands", "shore", "rivers", "parks", "hall", "house", "lodge", "barn", "gate", "post", "page", "book", "reader", "chance", "case", "park", "west", "east", "north", "south"]  # fmt: skip


def corpus(folder: Path) -> Iterator[str]:
    """Texts of the permissive sets that the encoder learned from too, and our own."""
    for part in ("train", "dev", "test"):
        for line in (folder / "goemotions" / f"{part}.tsv").read_text(encoding="utf-8").splitlines():
            yield line.split("\t")[0]
    csv.field_size_limit(10**8)
    for path in sorted((folder / "cfpb").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            yield from (value for row in csv.DictReader(file) for value in row.values() if value)
    for path in sorted((folder / "nlupp").glob("*.jsonl")):
        yield from (str(json.loads(line).get("text", "")) for line in path.open(encoding="utf-8"))
    yield from ((ROOT / name).read_text(encoding="utf-8") for name in OWN)


def ordinary(texts: Iterator[str]) -> list[str]:
    """Words that people write small, in order of the alphabet."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for found in _WORD.finditer(text):
            word = found.group()
            if word.islower():
                small[word] += 1
            elif word[1:].islower() and _WITHIN.search(text[max(0, found.start() - 2) : found.start()]):
                capital[word.lower()] += 1
    seen = {
        word for word, n in small.items() if n >= _LEAST and n >= 2 * capital[word] and not _CRUDE.match(word)
    }
    return sorted((seen - _NOT) | set(MORE))


def main() -> None:
    """Write the list to both places that read it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    lines = [
        "# Words that people write small: a capital alone makes no name of them (bench/ordinary_words.py)."
    ]
    line = ""
    for word in ordinary(corpus(parser.parse_args().data)):
        if len(line) + len(word) >= _WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    for path in LISTS:
        path.write_text("\n".join([*lines, line, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
