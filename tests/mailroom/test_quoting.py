"""Quoted history is cut where it is plainly history; where that is unsure, nothing is cut."""

import pytest

from mailroom.html import to_text
from mailroom.quoting import visible_reply

HISTORY = "Dear Jo,\n\nhas the boiler been repaired?"


@pytest.mark.parametrize(
    "announcement",
    [
        "On Mon, 2 Mar 2026 at 16:40, Complaints <complaints@borough.example> wrote:",
        "On Mon, 2 Mar 2026 at 16:40, Complaints\n<complaints@borough.example> wrote:",
        "On 2 Mar 2026, at 16:40, Complaints <\ncomplaints@borough.example\n> wrote:",
        "Ar Llun, 2 Maw 2026 am 16:40 ysgrifennodd Cwynion <cwynion@borough.example>:",
        "W dniu 2 marca 2026 16:40 użytkownik Skargi <skargi@borough.example> napisał:",
        "Le lun. 2 mars 2026 à 16:40, Complaints <complaints@borough.example>\na écrit :",
        "-----Original Message-----",
        "-----Neges Wreiddiol-----",
        "---- On Mon, 02 Mar 2026 16:40:00 +0000 complaints@borough.example wrote ----",
        "From: Complaints <complaints@borough.example>\nSent: 02 March 2026 16:40\nTo: Jo\nSubject: Your complaint",
        "*From:* Complaints [mailto:c@borough.example]\n*Sent:* 02 March 2026 16:40\n*To:* Jo\n*Subject:* Bins",
        "Oddi wrth: Cwynion <cwynion@borough.example>\nAnfonwyd: 02 Mawrth 2026\nAt: Mair\nPwnc: Eich cwyn",
        "________________________________\nFrom: Complaints\nSent: 02 March 2026 16:40\nTo: Jo\nSubject: Bins",
        "## Please reply above this line ##",
        "-- Atebwch uwchben y llinell hon --",
    ],
)
def test_history_below_an_announcement_is_cut(announcement: str) -> None:
    assert visible_reply(f"Still broken.\n\nJo\n\n{announcement}\n\n{HISTORY}") == "Still broken.\n\nJo"


def test_answers_between_quoted_lines_are_kept() -> None:
    text = "On Mon, 2 Mar 2026 at 16:40, Jo wrote:\n> When?\n\nOn 14 February.\n\n> Where?\n\nAt Elm Court."

    assert visible_reply(text) == "On 14 February.\n\n\nAt Elm Court."


def test_an_answer_below_the_quotation_is_kept() -> None:
    assert visible_reply("On 2/3/2026 16:40, Jo wrote:\n> When?\n\nOn 14 February.") == "On 14 February."


@pytest.mark.parametrize(
    "text",
    [
        "On blue paper I wrote to you twice\nand nobody answered",
        "Visits:\n2 March 2026, 16:40: nobody came\n3 March 2026, 9:00: nobody came",
        "Date: Wednesday 4 March\nTime: 7.30\nAddress: 130 Fox Street\n\nPlease send someone.",
        "To: the council\n\nI wish to complain.",
        "Dear Sirs\n\nFrom: Jo Bloggs\nDate: 3 March 2026\nSubject: damp\n\nI wish to complain.",
        "On 2 March 2026 I wrote to jo@borough.example:\n\nplease come",
        "On 2 March 2026 at 10:30 the surveyor wrote:\n\nnothing wrong here",
        "On 2 March 2026 I rang and emailed jo@borough.example\nand was told as follows:\n\nwait",
        "My sister wrote:\n\nnobody has called her back",
        ">>> http://example.org <<<\nplease read this",
        "The list was\n----\n\nbins\n\n====\n\nroads",
        "Sent from my desk, which the damp has ruined",
    ],
)
def test_the_persons_own_words_are_not_taken_for_history(text: str) -> None:
    assert visible_reply(text) == text


def test_a_signature_is_kept_as_it_may_hold_how_to_reach_the_person() -> None:
    text = "Please ring me.\n\n-- \nJo Bloggs\n020 7946 0000"

    assert visible_reply(text) == text


def test_a_forwarded_message_is_evidence_and_kept() -> None:
    text = "See below.\n\n---------- Forwarded message ---------\nFrom: Landlord\nDate: 1 March\n\nGet out."

    assert visible_reply(text) == text


def test_under_a_forwarding_subject_nothing_is_cut() -> None:
    text = (
        "See below.\n\nFrom: Landlord <l@home.example>\nSent: 1 March 2026 10:00\nTo: Jo\nSubject: Notice\n\nGet out."
    )

    assert visible_reply(text, "FW: Notice") == text
    assert visible_reply(text, "Re: Notice") == "See below."


def test_where_all_would_be_cut_nothing_is() -> None:
    text = "> Everything was quoted\n> by mistake"

    assert visible_reply(text) == text


def test_a_quotation_of_the_persons_own_making_is_kept_in_html() -> None:
    text, _ = to_text("<p>The letter says</p><blockquote>we will call</blockquote><p>but nobody did</p>")

    assert " ".join(visible_reply(text).split()) == "The letter says we will call but nobody did"


def test_a_quotation_by_the_mail_program_is_cut_in_html() -> None:
    text, _ = to_text(
        '<div>Nobody did.</div><div class="gmail_quote">On Mon, 2 Mar 2026 at 16:40, Council '
        "&lt;c@borough.example&gt; wrote:<br><blockquote>We will call</blockquote></div>"
    )

    assert visible_reply(text) == "Nobody did."
    assert "> We will call" in text
