"""Who gets what we publish: departments, advocates, colleagues, community groups and press, until they stop it."""

from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email
from sqlmodel import Session, col, select

from learning.beyond.insight_words import options, word
from learning.verb import Field, Given, Refused, text
from storage.tables import Message, Organisation, Publication, Stakeholder
from templates.languages import OWN_NAME, spoken
from templates.places import Link
from templates.writing import write
from workflow import bodies, outside
from workflow.office import Act, Office
from workflow.outbox import To, Words, owe
from workflow.tokens import digest

KIND = "published_learning"  # the folder of the letter
IN_THEIRS = {"cy": "?lang=cy"}  # so that the page is in the language of the mail that leads to it


def add(act: Act, given: Given, organisations: Sequence[Organisation]) -> Stakeholder:
    """Put someone on an organisation's list; who had stopped it may be put back. Refused saying what to mend."""
    body = next((one for one in organisations if one.slug == text(given, "organisation")), None)
    if body is None or body.id is None:
        raise Refused(word("stakeholder", "organisation_missing"), "organisation")
    email = _mailbox(text(given, "email"))
    row = act.session.exec(
        select(Stakeholder).where(Stakeholder.organisation_id == body.id, Stakeholder.email == email)
    ).first() or Stakeholder(organisation_id=body.id, kind="", name="", email=email, added_at=act.now)
    if row.id is not None and row.stopped_at is None:
        raise Refused(word("stakeholder", "there_already", email=email), "email")
    row.kind, row.name, row.language = _one_of(given), _named(given), spoken(text(given, "language"))
    row.added_by_id, row.added_at, row.stopped_at = act.by.staff_id, act.now, None
    act.session.add(row)
    act.session.flush()
    row.stop_hash = digest(secret(act.office, row))
    outside.note(act, outside.STAKEHOLDER, row.id, "added", data={"kind": row.kind, "language": row.language})
    return row


def fields(organisations: Sequence[Organisation]) -> tuple[Field, ...]:
    """What the form asks for."""
    mine = tuple((one.slug, one.name) for one in organisations)
    return (
        Field("organisation", word("stakeholder", "organisation"), "choice", options=mine),
        Field("kind", word("stakeholder", "kind"), "choice", options=options("stakeholder_kinds")),
        Field("name", word("stakeholder", "name")),
        Field("email", word("stakeholder", "email")),
        Field("language", word("stakeholder", "language"), "choice", options=tuple(OWN_NAME.items()), value="en"),
    )


def listed(session: Session, organisation_ids: Sequence[int]) -> Sequence[Stakeholder]:
    """Everyone on the lists of these organisations, by kind and name; those who stopped it too."""
    query = select(Stakeholder).where(col(Stakeholder.organisation_id).in_(organisation_ids))
    return session.exec(query.order_by(Stakeholder.kind, Stakeholder.name)).all()


def tell(act: Act, publication: Publication) -> int:
    """Owe each stakeholder of the organisation one mail about what was published; gives how many."""
    query = select(Stakeholder).where(
        Stakeholder.organisation_id == publication.organisation_id, col(Stakeholder.stopped_at).is_(None)
    )
    return sum(_tell(act, publication, row) for row in act.session.exec(query).all())


def _tell(act: Act, publication: Publication, row: Stakeholder) -> bool:
    said = publication.texts.get(row.language) or publication.texts["en"]
    facts = {
        "name": row.name,
        "organisation": bodies.organisation(act.session, publication.organisation_id).name,
        "title": said["title"],
        "you_said": said["you_said"],
        "we_did": said["we_did"],
        "other_language": row.language not in publication.texts,
        "link": Link(act.office.link(f"/learning/{publication.slug}{IN_THEIRS.get(row.language, '')}")),
        "stop": Link(stop_link(act.office, row)),
    }
    written = write(KIND, facts, row.language)
    words = Words(written.subject, written.text, written.html)
    # The key has no date: published again after it was withdrawn, it is not news.
    message = owe(act, f"published:{publication.id}:{row.id}", KIND, To(row.email), words,
                  organisation_id=publication.organisation_id)  # fmt: skip
    if message is not None:
        message.extra = {"stop": facts["stop"]}
    return message is not None


def was_told(session: Session, publication: Publication) -> Sequence[Message]:
    """The mails about a publication: to whom, and when they left."""
    return session.exec(
        select(Message).where(col(Message.key).startswith(f"published:{publication.id}:")).order_by(Message.address)
    ).all()


def stop_link(office: Office, row: Stakeholder) -> str:
    """The address at which one click stops the mails."""
    return office.link(f"/learning/stop/{secret(office, row)}")


def secret(office: Office, row: Stakeholder) -> str:
    """What stands in the link; only its digest is stored."""
    return office.keyring.sign("stakeholder", f"{row.id}:{row.email}")


def find(session: Session, said: str) -> Stakeholder | None:
    """Whose stop link this is; None when it is nobody's."""
    return session.exec(select(Stakeholder).where(Stakeholder.stop_hash == digest(said))).first()


def stop(act: Act, row: Stakeholder) -> None:
    """Nothing more is sent; what is already in the outbox and has not left is taken back."""
    if row.stopped_at is None:
        outside.note(act, outside.STAKEHOLDER, row.id, "stopped")
    row.stopped_at = row.stopped_at or act.now
    act.session.add(row)
    waiting = select(Message).where(
        col(Message.key).startswith("published:"), Message.address == row.email, col(Message.closed_at).is_(None)
    )
    for message in act.session.exec(waiting.with_for_update()).all():
        if message.key.endswith(f":{row.id}") and message.lease is None:
            message.recalled_at = message.closed_at = act.now
            act.session.add(message)


def _mailbox(words: str) -> str:
    try:
        return validate_email(words, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise Refused(word("stakeholder", "email_wrong"), "email") from None


def _one_of(given: Given) -> str:
    kind = text(given, "kind")
    if kind not in dict(options("stakeholder_kinds")):
        raise Refused(word("stakeholder", "kind_missing"), "kind")
    return kind


def _named(given: Given) -> str:
    name = text(given, "name")
    if not name:
        raise Refused(word("stakeholder", "name_missing"), "name")
    return name[:120]
