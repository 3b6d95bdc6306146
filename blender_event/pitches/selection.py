"""Which public pitches a visitor wants to see: the filters of the overview, read from the query string. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from blender_event.core import text
from blender_event.core.text import Words
from blender_event.pitches import labels
from blender_event.pitches.queries_public import Card
from blender_event.programme import labels_people

LONGEST_SEARCH = 100
PAGE = 30

_VALUES: dict[str, Callable[[Card], tuple[str, ...]]] = {
    "call": lambda card: (str(card.call_id),),
    "kind": lambda card: (card.kind,) if card.kind else (),
    "stage": lambda card: (card.stage,) if card.stage else (),
    "theme": lambda card: card.themes,
    "sector": lambda card: card.sectors,
    "technology": lambda card: card.technology,
}
_WORDS: dict[str, Mapping[str, Words]] = {
    "kind": labels.KINDS,
    "stage": labels.STAGES,
    "theme": labels.THEMES,
    "sector": labels_people.SECTORS,
    "technology": labels.TECHNOLOGY,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, what can be chosen with words and how many there are, and what is chosen."""

    name: str
    values: tuple[tuple[str, Words, int], ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The filters in use. Values that no pitch has are not chosen."""

    words: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def active(self) -> dict[str, str]:
        """Filters in use, as they stand in the address."""
        found = {"q": self.words} if self.words else {}
        return found | {choice.name: choice.chosen for choice in self.choices if choice.chosen}

    def without(self, name: str) -> dict[str, str]:
        return {key: value for key, value in self.active.items() if key != name}

    def said(self, name: str) -> Words:
        """How the chosen value of a filter reads."""
        if name == "q":
            return f"“{self.words}”"
        choice = next(choice for choice in self.choices if choice.name == name)
        return next(words for value, words, _many in choice.values if value == choice.chosen)

    def of(self, cards: Iterable[Card]) -> list[Card]:
        """The pitches that pass every filter."""
        wanted = text.folded(self.words).split()
        asked = [(_VALUES[choice.name], choice.chosen) for choice in self.choices if choice.chosen]
        return [
            card
            for card in cards
            if all(value in values(card) for values, value in asked) and all(word in _said(card) for word in wanted)
        ]


def _said(card: Card) -> str:
    return card.search_text or text.folded(f"{card.title} {card.summary}")


def chosen(asked: Mapping[str, str], cards: Sequence[Card], calls: Mapping[str, Words]) -> Selection:
    """The filters that `asked` (a query string) names, as far as these pitches have them. `calls`: titles by id."""
    words = text.clean(asked.get("q"), longest=LONGEST_SEARCH)
    found = []
    for name, values in _VALUES.items():
        many = Counter(value for card in cards for value in values(card))
        known = calls if name == "call" else _WORDS[name]
        offered = tuple((value, known[value], many[value]) for value in known if many[value])
        if len(offered) > 1 or (offered and name != "call" and offered[0][2] < len(cards)):
            value = asked.get(name, "")
            found.append(Choice(name, offered, value if value in {one[0] for one in offered} else ""))
    return Selection(words=words if text.folded(words) else "", choices=tuple(found))


def page(cards: Sequence[Card], asked: Mapping[str, str]) -> tuple[list[Card], int, int]:
    """The cards of one page, which page it is and how many there are; an impossible number is the nearest page."""
    pages = max(1, -(-len(cards) // PAGE))
    typed = asked.get("page", "")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    number = min(max(number, 1), pages)
    return list(cards[(number - 1) * PAGE : number * PAGE]), number, pages
