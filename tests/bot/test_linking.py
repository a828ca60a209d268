"""A case that came by email or form is linked to a chat only by a code sent to its person's mailbox."""

import re
from datetime import timedelta

from sqlmodel import select

from storage.database import reading
from storage.tables import ChatCode, Message
from tests.bot.someone import Someone


def codes(jo: Someone) -> list[tuple[str, str]]:
    """Address and code of each that was mailed."""
    with reading(jo.town.engine) as session:
        found = session.exec(select(Message).where(Message.kind == "chat_code").order_by(Message.id))  # type: ignore[arg-type]  # a column
        return [(one.address, (re.search(r"\b\d{6}\b", one.text) or [""])[0]) for one in found]


def ask(jo: Someone, reference: str) -> str:
    jo.command("status")
    jo.tap("I complained by email or form")
    return jo.say(reference)


def test_the_code_in_the_mail_links_the_chat(jo: Someone) -> None:
    reference = jo.town.mail("The gate is broken.") or ""
    ask(jo, reference.lower())
    [(address, code)] = codes(jo)

    words = jo.say(f" {code} ")

    assert address == "jo@citizen.example"
    assert f"belongs to your complaint {reference}" in words
    assert f"{reference}, Repairs\nStage 1" in words
    assert jo.town.person(reference).verified_at == jo.town.now
    assert "contact.changed" in jo.town.events(reference)


def test_nobody_is_told_whether_a_reference_exists(jo: Someone) -> None:
    reference = jo.town.mail("The gate is broken.") or ""

    there, not_there = ask(jo, reference), ask(Someone(jo.town, "2"), "RD-2222-2222")

    assert there.replace(reference, "RD-2222-2222") == not_there
    assert len(codes(jo)) == 1


def test_a_wrong_code_says_only_that_and_after_five_the_right_one_is_wrong_too(jo: Someone) -> None:
    ask(jo, jo.town.mail("The gate is broken.") or "")
    [(_, code)] = codes(jo)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    said = {jo.say(wrong) for _ in range(5)}

    assert said == {"That code is not right, or no longer valid."}
    assert jo.say(code) in said


def test_a_code_is_good_for_ten_minutes(jo: Someone) -> None:
    ask(jo, jo.town.mail("The gate is broken.") or "")
    jo.town.now += timedelta(minutes=10, seconds=1)

    assert "no longer valid" in jo.say(codes(jo)[0][1])


def test_a_code_works_once_and_only_in_the_chat_that_asked_for_it(jo: Someone) -> None:
    reference = jo.town.mail("The gate is broken.") or ""
    thief = Someone(jo.town, "666")
    ask(jo, reference)
    ask(thief, "RD-2222-2222")
    [(_, code)] = codes(jo)

    stolen, mine = thief.say(code), jo.say(code)
    ask(thief, "RD-2222-2222")

    assert "not right" in stolen
    assert reference in mine
    assert "not right" in thief.say(code)


def test_codes_are_not_mailed_without_end(jo: Someone) -> None:
    reference = jo.town.mail("The gate is broken.") or ""

    for _ in range(8):
        ask(jo, reference)
    for chat in "abc":
        ask(Someone(jo.town, chat), reference)

    assert len(codes(jo)) == 5


def test_no_code_goes_to_a_mailbox_that_is_not_safe(jo: Someone) -> None:
    reference = jo.town.form(email="jo@citizen.example", avoid=["email"], postal_address="1 Low Street") or ""

    ask(jo, reference)

    assert codes(jo) == []


def test_the_code_is_stored_so_that_nobody_can_read_it_and_stands_in_no_subject(jo: Someone) -> None:
    ask(jo, jo.town.mail("The gate is broken.") or "")
    [(_, code)] = codes(jo)

    with reading(jo.town.engine) as session:
        stored = session.exec(select(ChatCode)).one()
        subject = session.exec(select(Message.subject).where(Message.kind == "chat_code")).one()
    assert code not in stored.code_hash
    assert code not in subject


def test_what_is_no_reference_is_asked_for_again(jo: Someone) -> None:
    assert "does not look like a reference" in ask(jo, "my gate")
