"""A survey answered in Telegram leaves nothing behind that tells what was answered."""

from tests.bot.telegram.channel import JO, Here, soon
from tests.learning.surveying import kept, sweep


def test_what_was_pressed_in_a_survey_is_not_kept_as_it_came(here: Here) -> None:
    reference = here.town.form(avoid=["email"]) or ""
    person = here.town.person(reference)
    person.chat, person.prefers = f"telegram:{JO}", "telegram"
    here.town.change(person)
    here.town.do(reference, "withdraw", still_dissatisfied="no")
    sweep(here.town)
    sweep(here.town, "2027-03-10")
    here.people.say(JO, "/help")
    here.start()
    soon(lambda: any("How did we do" in line.text for line in here.lines()))

    here.people.tap(JO, "Disagree")
    soon(lambda: "Question 2 of 12" in here.lines()[-1].text)
    here.people.tap(JO, "Stop")
    soon(lambda: "We have kept your answers." in here.lines()[-1].text)

    assert [one.answers for one in kept(here.town)] == [{"handling": "disagree"}]
    assert [(one.kind, bool(one.raw)) for one in here.updates()] == [("message", True), ("tap", False), ("tap", False)]
    assert [one.erased_at == one.handled_at for one in here.updates()] == [False, True, True]
