"""Words of immediate risk: they flag a case for a person at once, whatever channel they came by."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

SHIPPED = Path(__file__).parent / "risk_words.toml"
REVIEW_WITHIN = timedelta(hours=1)  # our own default: no law sets it
CLOCK = "safety.review"


@dataclass(frozen=True)
class RiskWords:
    """The operator's list: kinds of risk, each with phrases in which `*` stands for a word or part of one."""

    kinds: Mapping[str, tuple[str, ...]]

    def found_in(self, text: str) -> tuple[str, ...]:
        """The kinds of risk that a text speaks of, in the order of the list."""
        words = text.lower().replace("’", "'").split()
        plain, once_each = " ".join(words), " ".join(set(words))
        found = []
        for kind, phrases in self._patterns.items():
            for sign, pattern in phrases:  # no generator here: it would cost more than the looking
                if sign in once_each and pattern.search(plain):
                    found.append(kind)
                    break
        return tuple(found)

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
        """Each phrase's pattern, and the word without which it need not be tried: that is much quicker."""
        return {
            kind: [(_longest_word(phrase), _pattern(phrase)) for phrase in phrases]
            for kind, phrases in self.kinds.items()
        }


def load(path: Path | None = None) -> RiskWords:
    """Read a list of risk words; the shipped one unless the operator names another. Raises ValueError with the key."""
    with (path or SHIPPED).open("rb") as file:
        table = tomllib.load(file).get("risk", {})
    for kind, phrases in table.items():
        if not isinstance(phrases, list) or not all(isinstance(phrase, str) and phrase.strip() for phrase in phrases):
            raise ValueError(f"{path or SHIPPED.name}: risk.{kind} must be a list of phrases")
    return RiskWords({kind: tuple(phrases) for kind, phrases in table.items()})


def _pattern(phrase: str) -> re.Pattern[str]:
    # What it begins with stands first, and only then that no letter stands before it: so it is looked for quickly.
    words = " ".join(phrase.lower().split())
    begins = re.escape(words.partition("*")[0])
    rest = re.escape(words)[len(begins) :].replace(r"\*", r"[\w']*")
    return re.compile(rf"{begins}(?<!\w{begins}){rest}(?!\w)")


def _longest_word(phrase: str) -> str:
    return max(re.split(r"[\s*]+", phrase.lower()), key=len)
