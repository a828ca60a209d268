"""A survey answered in the chat: one question after the other; what is pressed counts, also if they never come back."""

from bot.cases import mine
from bot.files import let_go_of_aside
from bot.questions import same_words
from bot.said import Button
from bot.talk import Talk
from learning.feedback import survey_answers, survey_chat
from learning.feedback.survey_items import SCALE, page
from storage.tables import SurveyInvitation

ASIDE = "survey"


def answer(talk: Talk) -> bool:
    """A button of a survey, or its words typed; anything else that is said meanwhile is heard for what it is."""
    pressed = talk.said.tapped or _typed(talk)
    number, _, does = pressed.partition(" ")
    if number[:1] != "s" or not number[1:].isdigit():
        if talk.conversation.aside == ASIDE and not talk.said.tapped:
            let_go_of_aside(talk)
        return False
    row = _theirs(talk, int(number[1:]))
    if row is None:
        talk.say("trouble.old_button")
    elif row.closed_at is not None:
        _end(talk, row, "over")
    else:
        _go_on(talk, row, does)
    talk.is_forgotten = True
    return True


def _go_on(talk: Talk, row: SurveyInvitation, does: str) -> None:
    item, is_answer, chosen = does.partition("=")
    verb, _, about = does.partition(" ")
    back = survey_chat.before(row, about) if verb == "back" else None
    if does == "stop":
        _finish(talk, row)
    elif back is not None:
        _ask(talk, row, back)
    elif is_answer and item in survey_chat.asked(row.grp) and chosen in ("", *SCALE):
        _take(talk, row, item, chosen)
    else:
        talk.say("trouble.old_button")


def _take(talk: Talk, row: SurveyInvitation, item: str, chosen: str) -> None:
    """It counts at once; after the last one all of them are kept, as those from the page are."""
    row = survey_answers.hold(talk.act, row.id or 0, item, chosen)
    following = survey_chat.following(row, item)
    if row.closed_at is not None:  # on the page, a moment ago
        _end(talk, row, "over")
    elif following is None:
        _finish(talk, row)
    else:
        _ask(talk, row, following)


def _ask(talk: Talk, row: SurveyInvitation, item: str) -> None:
    language = talk.conversation.language
    talk.paragraphs.append(survey_chat.question(row, item, language))
    for line in survey_chat.buttons(row, item, language):
        talk.offer(*(Button(words, value) for words, value in line))
    if talk.conversation.aside in ("", ASIDE):  # else what they type answers something that we asked besides
        talk.conversation.aside, talk.conversation.holding = ASIDE, {"survey": row.id, "item": item}


def _finish(talk: Talk, row: SurveyInvitation) -> None:
    _end(talk, row, "done" if survey_answers.stop(talk.act, row.id or 0) else "stopped")


def _end(talk: Talk, row: SurveyInvitation, what: str) -> None:
    words = page(row.grp, talk.conversation.language)
    talk.paragraphs += [words[f"{what}_title"], words[what]]
    if talk.conversation.aside == ASIDE:
        let_go_of_aside(talk)


def _typed(talk: Talk) -> str:
    """The button whose words they typed, of the question that we asked last."""
    asked = talk.conversation.holding
    if talk.conversation.aside != ASIDE or talk.said.files or talk.said.replaces:
        return ""
    row = _theirs(talk, int(asked["survey"]))
    if row is None:
        return ""
    if same_words(talk.said.text, talk.words("move")["stop"]):
        return survey_chat.value(row, "stop")
    return survey_chat.typed(row, asked["item"], talk.said.text, talk.conversation.language)


def _theirs(talk: Talk, number: int) -> SurveyInvitation | None:
    """The survey with this number, if someone was asked whose chat this is, and who has not called it unsafe."""
    row = talk.act.session.get(SurveyInvitation, number) if number < 1 << 31 else None
    return row if row and row.participant_id in {one.person.id for one in mine(talk)} else None
