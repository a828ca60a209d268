"""Words of immediate risk: a flag, a mail to the duty manager, a clock of its own, an alarm, a review."""

import tomllib
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.tables import Message
from tests.town import Town, at, town
from workflow import safety

RISK = "I can't go on, I want to end it all."


@pytest.fixture
def here(engine: Engine) -> Town:
    return town(engine)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("I want to KILL MYSELF", ("harm-to-self",)),
        ("He\nhits   me", ("abuse",)),
        ("I don’t want to live", ("harm-to-self",)),
        ("my mother has no heating and I smell gas", ("no-heating-or-water", "danger-in-the-home")),
        ("She is suicidal", ("harm-to-self",)),
        ("The grape vines were beaten by the wind", ("abuse",)),
        ("Dw i ddim eisiau byw, ac mae arogl nwy yma", ("harm-to-self", "danger-in-the-home")),
        ("The grapes are late", ()),
        ("", ()),
    ],
)
def test_the_shipped_list_finds_words_of_risk(words: str, kinds: tuple[str, ...]) -> None:
    assert safety.load().found_in(words) == kinds


def test_an_operator_names_their_own_list(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[risk]\nflood = ["water * rising"]\n')

    assert safety.load(own).found_in("The water is rising") == ("flood",)


def test_a_list_that_is_broken_names_the_key(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[risk]\nflood = "water"\n')

    with pytest.raises(ValueError, match=r"own\.toml: risk\.flood must be a list of phrases"):
        safety.load(own)


def test_a_list_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[risk")

    with pytest.raises(tomllib.TOMLDecodeError):
        safety.load(own)


@pytest.mark.parametrize("channel", ["mail", "form", "reply", "page", "withdrawal"])
def test_every_way_to_reach_us_flags_a_case_as_urgent_at_once(here: Town, channel: str) -> None:
    reference = here.mail("There is damp.") if channel not in ("mail", "form") else None
    if channel == "mail":
        reference = here.mail(RISK)
    elif channel == "form":
        reference = here.form(RISK, email="jo@citizen.example")
    elif channel == "reply":
        here.reply(reference, RISK)
    else:
        here.page(reference, RISK, **({"withdraw": True} if channel == "withdrawal" else {}))

    case = here.look(reference)
    assert case.urgent_at == at("2025-12-18")
    assert case.urgent_because == "harm to themselves"
    assert "safety.flagged" in here.events(reference)


def test_the_manager_is_mailed_and_told_nothing_but_the_kind_of_risk(here: Town) -> None:
    reference = here.mail(RISK)

    urgent = next(message for message in here.send() if message.kind == "urgent")

    assert urgent.address == "mina@town.example"
    assert "end it all" not in urgent.text + urgent.subject
    assert f"/desk/cases/{reference}" in urgent.text


def test_the_manager_on_duty_is_mailed_where_one_is_named(here: Town) -> None:
    here.put_on_duty("lena")

    reference = here.mail(RISK)

    assert [m.address for m in here.all(Message, reference) if m.kind == "urgent"] == ["lena@town.example"]


def test_a_manager_on_duty_who_is_complained_about_is_passed_over(here: Town) -> None:
    reference = here.mail("There is damp.")
    here.put_on_duty("mina")
    here.do(reference, "name_staff", by="lena@town.example", who="mina@town.example")

    here.reply(reference, RISK)

    assert [m.address for m in here.all(Message, reference) if m.kind == "urgent"] == ["lena@town.example"]


def test_nobody_looking_within_the_hour_is_an_alarm_for_the_leader(here: Town) -> None:
    reference = here.mail(RISK)

    early = here.tick("2025-12-18 09:59")
    late = here.tick("2025-12-18 10:00")

    assert early == []
    assert late == [("safety_alarm", "lena@town.example")]
    assert here.clock(reference, safety.CLOCK).state == "overdue"
    assert here.tick("2025-12-18 12:00") == []


@pytest.mark.requirement("R366")
def test_signs_of_what_may_end_badly_go_to_a_manager_at_once_and_to_a_leader_when_nobody_looks(here: Town) -> None:
    reference = here.mail("The stairs smell of gas, and live wires hang from the wall. Could someone look some day?")

    told = [message.address for message in here.send() if message.kind == "urgent"]
    late = here.tick("2025-12-18 10:00")

    assert here.look(reference).urgent_because == "danger in the home"
    assert told == ["mina@town.example"]
    assert late == [("safety_alarm", "lena@town.example")]


def test_the_alarm_comes_again_each_day_until_somebody_has_looked(here: Town) -> None:
    here.mail(RISK)
    here.tick("2025-12-18 10:00")

    assert here.tick("2025-12-19 09:59") == []
    assert here.tick("2025-12-19 10:00") == [("safety_alarm", "lena@town.example")]
    assert here.tick("2025-12-20 10:00") == [("safety_alarm", "lena@town.example")]


def test_a_review_stops_the_alarm_and_takes_the_flag_away(here: Town) -> None:
    reference = here.mail(RISK)

    here.do(reference, "review_safety", done="rang her and her daughter")

    assert here.look(reference).urgent_at is None
    assert here.clock(reference, safety.CLOCK).state == "met"
    assert here.tick("2025-12-18 10:00") == []
    assert here.may(reference, "review_safety") == "The case is not flagged as urgent."


def test_a_case_that_is_still_urgent_keeps_its_flag(here: Town) -> None:
    reference = here.mail(RISK)

    here.do(reference, "review_safety", done="rang her", still_urgent="yes")

    assert here.look(reference).urgent_at is not None


def test_new_words_of_risk_after_a_review_start_the_clock_again(here: Town) -> None:
    reference = here.mail(RISK)
    here.do(reference, "review_safety", done="rang her")
    here.now = at("2025-12-19 15:00")

    here.reply(reference, "He hits me.")

    assert here.look(reference).urgent_because == "abuse or violence"
    assert here.tick("2025-12-19 16:00") == [("safety_alarm", "lena@town.example")]


def test_more_words_of_risk_do_not_put_the_alarm_off(here: Town) -> None:
    reference = here.mail(RISK)
    here.now = at("2025-12-18 09:30")

    here.reply(reference, RISK)

    assert here.tick("2025-12-18 10:00") == [("safety_alarm", "lena@town.example")]
