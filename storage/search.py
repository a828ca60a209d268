"""Finding cases by the words in them, newest first, through the database's own full-text index."""

import re
import unicodedata

from sqlalchemy import text
from sqlmodel import Session

from storage.gathered import gather

WORD = re.compile(r"[^\W_]+")
ASCII_SIGNS = {number: " " for number in range(128) if not chr(number).isalnum()}
ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
AT_ONCE = 100_000  # letters of one contact that are indexed
IN_ALL = 500_000  # letters of one case: PostgreSQL holds at most 1 MB of words in a row


def begin(session: Session, case_id: int, words: str) -> None:
    """Make a new case findable by these words."""
    gather(session, _BEGIN[_dialect(session)], [{"case_id": case_id, "words": plain(words)}])


def add_words(session: Session, case_id: int, words: str) -> None:
    """Make a case findable by these words too; words are only ever added."""
    if more := plain(words):
        known = session.execute(_ADD[_dialect(session)], {"case_id": case_id, "words": more, "most": IN_ALL})
        if not known.rowcount and not session.execute(_HAS, {"case_id": case_id}).first():  # type: ignore[attr-defined]  # a CursorResult
            begin(session, case_id, words)


def find(session: Session, query: str, *, most: int = 50) -> list[int]:
    """Ids of the newest cases that hold every word of the query (a last word may be a beginning)."""
    terms = plain(query).split()[:12]
    if not terms:
        return []
    dialect = _dialect(session)
    match = _sqlite_match(terms) if dialect == "sqlite" else " & ".join(terms) + ":*"
    return list(session.execute(_FIND[dialect], {"match": match, "most": most}).scalars())


def plain(words: str) -> str:
    """Only words, small and without accents, so that `cafe` finds `Café` on every database."""
    words = words[:AT_ONCE]
    if not words.isascii():
        decomposed = unicodedata.normalize("NFKD", words.casefold())
        words = ACCENTS.sub("", decomposed)[:AT_ONCE]
        return " ".join(WORD.findall(words.lower()))
    return " ".join(words.lower().translate(ASCII_SIGNS).split())


def _sqlite_match(terms: list[str]) -> str:
    return " ".join(f'"{term}"' for term in terms[:-1]) + f' "{terms[-1]}"*'


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


# One row a case, under the case's own number, so that words of several contacts are found together.
_BEGIN = {
    "sqlite": text("INSERT INTO case_words(rowid, words, case_id) VALUES (:case_id, :words, :case_id)"),
    "postgresql": text(
        "INSERT INTO case_words(id, case_id, words) VALUES (:case_id, :case_id, to_tsvector('simple', :words))"
    ),
}
_ADD = {
    "sqlite": text(
        "UPDATE case_words SET words = words || ' ' || :words WHERE rowid = :case_id AND length(words) < :most"
    ),
    "postgresql": text(
        "UPDATE case_words SET words = words || to_tsvector('simple', :words)"
        " WHERE id = :case_id AND octet_length(words::text) < :most"
    ),
}
_HAS = text("SELECT 1 FROM case_words WHERE case_id = :case_id")
_FIND = {
    "sqlite": text("SELECT rowid FROM case_words WHERE case_words MATCH :match ORDER BY rowid DESC LIMIT :most"),
    "postgresql": text(
        "SELECT case_id FROM case_words WHERE words @@ to_tsquery('simple', :match) ORDER BY id DESC LIMIT :most"
    ),
}
