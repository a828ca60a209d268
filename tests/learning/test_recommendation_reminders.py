"""Whoever is reminded of a recommendation is told once, whatever the number of workers, and reads nobody's name."""

from app.reminding import ABOUT, remind
from storage.database import reading, writing
from storage.tables import Colleague, Message, Reminder
from tests.learning.test_ombudsman import HANA, MINA, case, here, recommended, record
from tests.town import Town, at
from workflow import reminders

__all__ = ["case", "here", "recommended"]


def test_two_workers_tell_of_a_recommendation_once(here: Town, recommended: str) -> None:
    here.now = at("2026-07-06 08:00")
    with reading(here.engine) as session:
        due = [one for one in reminders.due(here.act(session)) if session.get_one(Reminder, one).about in ABOUT]
    for _ in range(2):
        with writing(here.engine) as session:
            for one in due:
                remind(here.act(session), one)

    late = [one.address for one in here.all(Message, recommended) if one.kind == "recommendation_escalation"]

    assert late == [HANA, MINA]


def test_every_mail_to_staff_about_a_case_is_headed_with_the_body_it_is_about(here: Town, recommended: str) -> None:
    here.put_on_duty("mina")
    here.reply(recommended, "I smell gas and want to kill myself.")

    here.tick("2026-07-06 08:00")

    sent = [one for one in here.all(Message, recommended) if one.staff_id]
    assert {one.kind for one in sent} >= {"urgent", "escalation", "safety_alarm", "recommendation_escalation"}
    assert [one.kind for one in sent if ">Town Homes</td>" not in (one.html or "")] == []


def test_a_name_that_becomes_known_later_is_left_out_of_what_reminds_of_a_recommendation(
    here: Town, recommended: str
) -> None:
    record(here, recommended, "recommend", matter="1", text="Apologise to Kit Marlowe.", due="2026-06-26")
    record(here, recommended, "move_date", recommendation="2", due="2026-07-03", because="Kit Marlowe is away.")
    case_id = here.look(recommended).id or 0
    here.change(Colleague(case_id=case_id, name="Kit Marlowe", email="kit@town.example", told_at=here.now))

    here.now = at("2026-07-03 08:00")
    with reading(here.engine) as session:
        due = reminders.due(here.act(session))
    for one in due:
        with writing(here.engine) as session:
            remind(here.act(session), one)

    said = "".join(one.text for one in here.all(Message, recommended) if one.kind == "recommendation_reminder")
    assert "Apologise to [name left out]." in said
    assert "moved the date: [name left out] is away." in said
    assert "Marlowe" not in said
