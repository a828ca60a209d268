"""Finding cases by the words in them, newest first, through the database's own full-text index."""

import re
import unicodedata

from sqlalchemy import text
from sqlmodel import Session


def add_words(session: Session, case_id: int, words: str) -> None:
    """Make a case findable by these words too; words are only ever added."""
    if words.strip():
        session.execute(_ADD[_dialect(session)], {"case_id": case_id, "words": _plain(words[:200_000])})


def find(session: Session, query: str, *, most: int = 50) -> list[int]:
    """Ids of the newest cases that hold every word of the query (a last word may be a beginning)."""
    terms = re.findall(r"\w+", _plain(query))[:12]
    if not terms:
        return []
    dialect = _dialect(session)
    match = _sqlite_match(terms) if dialect == "sqlite" else " & ".join(f"{term}:*" for term in terms)
    rows = session.execute(_FIND[dialect], {"match": match, "most": most * 4}).scalars()
    return list(dict.fromkeys(rows))[:most]


def _plain(words: str) -> str:
    """Without accents and NULs, so that `cafe` finds `café` on every database."""
    decomposed = unicodedata.normalize("NFKD", words.replace("\0", " "))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _sqlite_match(terms: list[str]) -> str:
    return " ".join(f'"{term}"' for term in terms[:-1]) + f' "{terms[-1]}"*'


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


_ADD = {
    "sqlite": text("INSERT INTO case_words(words, case_id) VALUES (:words, :case_id)"),
    "postgresql": text("INSERT INTO case_words(words, case_id) VALUES (to_tsvector('simple', :words), :case_id)"),
}
_FIND = {
    "sqlite": text("SELECT case_id FROM case_words WHERE case_words MATCH :match ORDER BY rowid DESC LIMIT :most"),
    "postgresql": text(
        "SELECT case_id FROM case_words WHERE words @@ to_tsquery('simple', :match) ORDER BY id DESC LIMIT :most"
    ),
}
