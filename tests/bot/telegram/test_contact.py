"""Contact with Telegram: a long silence alarms, and its end says what may be lost."""

from datetime import timedelta

from bot.telegram.contact import Contact
from tests.bot.telegram.channel import Here


def test_half_an_hour_without_contact_is_no_alarm(here: Here) -> None:
    contact = Contact(here.door)
    contact.well()

    here.ahead = timedelta(minutes=30)
    contact.trouble("not reached")
    contact.well()

    assert here.alarms() == []


def test_an_hour_without_contact_alarms_once(here: Here) -> None:
    contact = Contact(here.door)
    contact.well()

    for minutes in (61, 62, 200):
        here.ahead = timedelta(minutes=minutes)
        contact.trouble("not reached (ClientConnectorError)")

    assert here.alarms() == ["telegram_silent"]
    assert "1 March 2027 at 09:30" in here.task("telegram_silent").text


def test_on_return_after_hours_nothing_need_be_lost_and_the_alarm_ends(here: Here) -> None:
    contact = Contact(here.door)
    contact.well()
    here.ahead = timedelta(hours=5)
    contact.trouble("not reached")

    contact.well()

    assert here.alarms() == ["telegram_gap"]
    assert "from 1 March 2027 at 09:30 to 1 March 2027 at 14:30" in here.task("telegram_gap").text
    assert "none need be lost" in here.task("telegram_gap").text


def test_on_return_after_more_than_a_day_the_notice_says_for_which_interval_messages_may_be_lost(here: Here) -> None:
    Contact(here.door).well()
    here.ahead = timedelta(hours=60)

    Contact(here.door).well()  # a process of its own, started after a long weekend

    assert (
        "those sent from 1 March 2027 at 09:30 to 2 March 2027 at 21:30 may be lost" in here.task("telegram_gap").text
    )


def test_the_first_contact_ever_is_no_gap(here: Here) -> None:
    Contact(here.door).well()

    assert here.alarms() == []
    assert here.reports == [None]
