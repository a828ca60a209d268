"""The questions, their order, and what can be taken as an answer."""

from typing import Any

import pytest

from workflow.answers import NotAnAnswer, check_page, tidy, validate
from workflow.questionnaire import (
    Option,
    Question,
    asked,
    complete,
    consistent,
    equality_questions,
    next_question,
    questions,
    summary,
)

TWO = (Option("care", "Adult social care"), Option("housing", "Housing"))
ONE = TWO[:1]


def question(id_: str) -> Question:
    return next(each for each in questions(TWO) if each.id == id_)


def ids(answers: dict[str, Any], services: tuple[Option, ...] = TWO) -> list[str]:
    return [each.id for each in asked(questions(services), answers)]


def error_of(id_: str, given: Any) -> str:
    with pytest.raises(NotAnAnswer) as caught:
        validate(question(id_), given)
    return str(caught.value)


def test_the_first_question_is_the_service_where_there_is_a_choice() -> None:
    assert ids({})[0] == "service"
    assert ids({}, ONE)[0] == "about"


def test_only_someone_who_complains_for_another_is_asked_for_whom_and_why() -> None:
    assert {"about_name", "authority"} <= set(ids({"about": "someone_else"}))
    assert not {"about_name", "authority"} & set(ids({"about": "self"}))


def test_an_empty_answer_is_an_answer_and_the_next_question_comes() -> None:
    answered = {"service": "care", "about": "self", "what": "x", "when": "y", "outcome_wanted": ""}

    following = next_question(questions(TWO), answered)

    assert following is not None
    assert following.id == "files"


def test_which_way_someone_prefers_is_asked_only_of_the_ways_still_open() -> None:
    three = {"email": "a@example.com", "telephone": "01632 960 123", "postal_address": "1 High Street"}

    prefers = next(each for each in asked(questions(TWO), {**three, "avoid": ["telephone"]}) if each.id == "prefers")

    assert [option.value for option in prefers.options] == ["email", "post"]
    assert "prefers" not in ids({"email": "a@example.com"})


def test_the_only_way_open_and_the_only_service_need_no_question() -> None:
    done = complete(questions(ONE), ONE, {"email": "a@example.com", "about": "self", "authority": "left over"})

    assert done == {
        "email": "a@example.com",
        "about": "self",
        "service": "care",
        "prefers": "email",
        "language": "en",
    }


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({"email": "a@example.com", "avoid": ["telephone"], "prefers": "email"}, {"email", "avoid", "prefers"}),
        ({"telephone": "123456", "email": "", "avoid": [], "prefers": "email"}, {"telephone", "email", "avoid"}),
        ({"telephone": "123456", "email": "", "avoid": ["telephone"]}, {"telephone", "email"}),
    ],
)
def test_a_choice_of_ways_that_no_longer_fits_is_asked_again(answers: dict[str, Any], kept: set[str]) -> None:
    assert set(consistent(answers)) == kept


def test_someone_must_leave_one_way_to_reach_them() -> None:
    contact = [question(each) for each in ("email", "telephone", "postal_address")]
    safe = [question("avoid")]

    assert "email" in check_page(contact, {"email": "", "telephone": "", "postal_address": ""})
    assert check_page(contact, {"postal_address": "1 High Street"}) == {}
    assert "avoid" in check_page(safe, {"email": "a@example.com", "avoid": ["email"]})
    assert check_page(safe, {"email": "a@example.com", "avoid": ["post"]}) == {}


@pytest.mark.parametrize(
    ("id_", "given", "kept"),
    [
        ("what", "  It  broke\r\nagain ", "It  broke\nagain"),
        ("when", "last winter", "last winter"),
        ("email", " Ann@Example.COM ", "Ann@example.com"),
        ("email", "", ""),
        ("telephone", "01632 960 123 ext 4, ask for Ann", "01632 960 123 ext 4, ask for Ann"),
        ("avoid", ["post", "email"], ["email", "post"]),
        ("avoid", [], []),
        ("about", "someone_else", "someone_else"),
        ("consent", "yes", True),
        ("outcome_wanted", None, ""),
    ],
)
def test_an_answer_is_kept_tidied(id_: str, given: Any, kept: Any) -> None:
    assert validate(question(id_), given) == kept


@pytest.mark.parametrize(
    ("id_", "given"),
    [
        ("what", " \n "),
        ("when", ""),
        ("about", ""),
        ("about", "nobody"),
        ("service", "secret"),
        ("email", "ann at example"),
        ("email", "ann@localhost"),
        ("telephone", "call me"),
        ("avoid", ["email", "pigeon"]),
        ("consent", ""),
        ("name", "x" * 201),
        ("what", "x" * 50_001),
    ],
)
def test_what_is_no_answer_is_refused_in_words_that_say_what_to_do(id_: str, given: Any) -> None:
    assert error_of(id_, given).split()[0] in {"Enter", "Select", "Confirm", "Your", "What"}


def test_control_characters_go_and_composed_letters_stay_whole() -> None:
    assert tidy("a\x00b\x1b[31mc\u0301") == "ab[31m\u0107"


def test_the_summary_shows_choices_in_words() -> None:
    rows = {each.id: words for each, words in summary(questions(TWO), {"service": "care", "avoid": ["post", "email"]})}

    assert (rows["service"], rows["avoid"], rows["consent"]) == ("Adult social care", "Post, Email", "")


def test_every_equality_question_has_answers_to_choose_from() -> None:
    assert all(title and len(options) > 1 for title, options in equality_questions().values())


@pytest.mark.parametrize("id_", ["name", "what", "when"])
def test_signs_that_nobody_can_see_are_no_answer(id_: str) -> None:
    assert error_of(id_, "\u200b\u00a0\ufeff").startswith("Enter")


@pytest.mark.parametrize(
    "seen", ["\U0001f469\u200d\U0001f469", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u200bJo"]
)
def test_signs_that_shape_other_letters_stay_with_them(seen: str) -> None:
    assert validate(question("name"), seen) == seen


def test_a_postal_address_of_nothing_to_see_opens_no_way_to_us() -> None:
    assert validate(question("postal_address"), "\u200b") == ""
