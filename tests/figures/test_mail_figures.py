"""The figures for reading mail hold."""

import pytest

from tests.corpora import require_corpora
from tests.figures import mail_figures


@pytest.fixture(autouse=True)
def _corpora() -> None:
    require_corpora()


def test_no_mail_of_a_person_is_called_a_machines() -> None:
    counted = mail_figures.confusion()

    mistaken = {kind: count for (truth, kind), count in counted.items() if truth == "person" and kind != "person"}

    assert mistaken == {}
    assert counted["person", "person"] >= 35


@pytest.mark.parametrize("kind", ["bounce", "auto_reply", "feedback_report", "list"])
def test_at_least_95_in_100_automatic_mails_are_recognised(kind: str) -> None:
    assert mail_figures.recall(mail_figures.confusion(), kind) >= 0.95


def test_a_visible_reply_loses_no_word_of_the_person_in_99_of_100_rows() -> None:
    answers = mail_figures.replies()

    assert answers.rows >= 170
    assert len(answers.lost) / answers.rows <= 0.01, answers.lost


def test_a_visible_reply_is_exact_in_65_of_100_rows() -> None:
    answers = mail_figures.replies()

    assert answers.exact / answers.with_expected >= 0.65


def test_every_mail_of_the_corpora_is_read_within_a_second_and_512_megabytes() -> None:
    mails, failed = mail_figures.unreadable()

    assert mails >= 400
    assert failed == []
