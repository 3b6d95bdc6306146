"""Which earlier things a few words resemble: shared rare words count, and Dutch compounds by their beginning. Pure."""

import bisect
import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from blender_event.core import text

SHORTEST = 3  # letters of a word that counts: AI and XR are kept by `SHORT`
LONGEST = 40  # letters of a word that are looked at: what a machine types must not cost time
SHORT = frozenset({"ai", "xr", "vr"})
STEM = 4  # letters of a word that others may begin with: “chat” finds “chatlijn”
LONG_STEM = 5  # letters that two longer words share at least: “chatten” does not find “chatlijn”
COMMON = 0.25  # a word in more than this part of many documents says nothing
MANY = 40
RELATIVE = 0.5  # what a relative counts, next to the same word
MOST_WORDS = 60  # of what was typed; the first ones say most
MOST_RELATIVES = 200  # words of the vocabulary that one typed word may reach
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(
    """aan aantal alle alleen als ander andere anders beter bij bijvoorbeeld binnen blijft daar daarom dan dat deze die dit doen
    door dus echt een eens een eigen elk elke een enkel er geen graag goed haar had hebben heb hebt heeft heel help hen het hier hij
    hoe hun iemand iets ik in ingezet is ja je jij jou jouw kan keer kom komen komt kon kunnen kunt laat laten maak maakt maar
    maken meer men mensen met mij mijn moet moeten mogen na naar niet niets nieuw nieuwe nog nu of om omdat ons onze ook op over
    samen sinds soms ste steeds te tegen toch toen tot tussen uit van vaak vanuit veel via vind voor vooral vraag waar waarom want
    waren was wat we weer wel welk welke wie wij wil willen worden wordt zal ze zeer zelf zich zie zien zijn zit zo zoals
    zoek zoeken zonder zou
    about all also and any are because but can could does for from get had has have her his how into its just like make more not
    our out people some than that the their them then there they this those use using want was were what when where which who
    will with would you your""".split()
)


@dataclass(frozen=True, slots=True)
class Document:
    """Something to look through: what its title says counts twice what its words say."""

    title: str
    words: str = ""


@dataclass(slots=True)
class Index:
    """Documents by their words, made once and asked often."""

    size: int
    vocabulary: list[str]
    rows: "dict[str, array[int]]"
    in_title: "dict[str, array[int]]"
    weight: dict[str, float] = field(default_factory=dict)


def words_of(words: str) -> list[str]:
    """The words that say something, folded, each once, in their order."""
    plain = words.casefold() if words.isascii() else text.folded(words)
    found = _WORD.findall(plain.replace("'", ""))
    kept = [word[:LONGEST] for word in found if (len(word) >= SHORTEST and word not in _EMPTY) or word in SHORT]
    return list(dict.fromkeys(kept))


def index(documents: Iterable[Document]) -> Index:
    """The documents, ready to be asked."""
    rows: dict[str, array[int]] = defaultdict(lambda: array("I"))
    in_title: dict[str, array[int]] = defaultdict(lambda: array("I"))
    size = 0
    for size, document in enumerate(documents, start=1):
        for word in words_of(document.title):
            in_title[word].append(size - 1)
        for word in words_of(f"{document.title} {document.words}"):
            rows[word].append(size - 1)
    weight = {word: math.log(1 + size / len(places)) for word, places in rows.items()}
    return Index(size, sorted(rows), dict(rows), dict(in_title), weight)


def _relatives(known: Index, word: str) -> list[tuple[str, float]]:
    """The words of the vocabulary that are this one, begin with it, or are how it begins; each with what it counts."""
    found = [(word, 1.0)] if word in known.rows else []
    if len(word) < STEM:
        return found
    stem = word[: max(LONG_STEM, len(word) - 3)]
    first = bisect.bisect_left(known.vocabulary, stem)
    for other in known.vocabulary[first : first + MOST_RELATIVES]:
        if not other.startswith(stem):
            break
        if other != word:
            found.append((other, RELATIVE))
    shorter = [word[:length] for length in range(STEM, len(stem))]
    return found + [(other, RELATIVE) for other in shorter if other in known.rows]


def alike(known: Index, words: str, *, least: float = 0.0) -> list[tuple[int, float]]:
    """The places of the documents that resemble the words, best first, with how much; those under `least` left out.

    A typed word counts once per document, by its best relative there; a shared title counts twice. A document must share two
    words, or one of its title, so that one common word alone finds nothing.
    """
    score: Counter[int] = Counter()
    shared: Counter[int] = Counter()
    titled: set[int] = set()
    for word in words_of(words)[:MOST_WORDS]:
        best: dict[int, float] = {}
        for other, worth in _relatives(known, word):
            if known.size > MANY and len(known.rows[other]) > known.size * COMMON:
                continue
            value = worth * known.weight[other]
            for place in known.rows[other]:
                best[place] = max(best.get(place, 0.0), value)
            for place in known.in_title.get(other, ()):
                best[place] = max(best[place], 2 * value)
                titled.add(place)
        score.update(best)
        shared.update(best.keys())
    found = [
        (place, value) for place, value in score.items() if value >= least and (shared[place] > 1 or place in titled)
    ]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def best(found: Sequence[tuple[int, float]], most: int) -> list[int]:
    """The first few places, without those that are far behind the first."""
    if not found:
        return []
    top = found[0][1]
    return [place for place, value in found[:most] if value >= top * 0.35]
