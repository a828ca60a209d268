"""A file of other insight: read from what spreadsheets save, and wrong rows told so that they can be mended."""

from datetime import date

import pytest

from learning.beyond.insight_file import UnreadableFile, rows
from learning.beyond.insight_rows import Known, day_in

WHERE = Known({"town": 1, "homes": 2}, {"repairs": (3, 2)}, date(2025, 12, 18))
HEAD = "kind,date,organisation,service,subject,text,how_many,pounds,source,id"


def read(*lines: str, head: str = HEAD) -> list[tuple[int, bool, str]]:
    raw = "\n".join([head, *lines]).encode()
    return [(row.line, row.told is not None, "; ".join(row.problems)) for row in rows(raw, WHERE)]


def problem(line: str) -> str:
    return read(line)[0][2]


def test_a_row_becomes_insight() -> None:
    raw = f'{HEAD}\nClaim,27/03/2025,,repairs,property,"A fall,\non ice",,"£1,250.50",Insurer,C-7\n'.encode()

    told = rows(raw, WHERE)[0].told

    assert told is not None
    assert (told.kind, told.on_day, told.organisation_id, told.service_id) == ("claim", date(2025, 3, 27), 2, 3)
    assert (told.subject, told.text, told.pence, told.source) == ("property", "A fall,\non ice", 125_050, "Insurer")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("praise,2025-12-01,town,,,Thanks,,,,", "Kind must be one of compliment, claim"),
        (",2025-12-01,town,,,Thanks,,,,", "Say which kind it is"),
        ("compliment,1 Dec,town,,,Thanks,,,,", "Write the date as 2026-03-27"),
        ("compliment,,town,,,Thanks,,,,", "Enter the day it came"),
        ("compliment,2025-12-19,town,,,Thanks,,,,", "The date must be today or earlier"),
        ("compliment,2025-12-01,,,,Thanks,,,,", "Name the organisation or the service"),
        ("compliment,2025-12-01,village,,,Thanks,,,,", "There is no organisation “village”"),
        ("compliment,2025-12-01,,roads,,Thanks,,,,", "There is no service “roads”"),
        ("compliment,2025-12-01,town,repairs,,Thanks,,,,", "is not of that organisation"),
        ("compliment,2025-12-01,town,,noise,Thanks,,,,", "There is no subject “noise”. There are: delay,"),
        ("compliment,2025-12-01,town,,,,,,,", "Enter what was said or found"),
        ("compliment,2025-12-01,town,,,Thanks,0,,,", "How many must be a whole number"),
        ("compliment,2025-12-01,town,,,Thanks,²,,,", "How many must be a whole number"),
        ("claim,2025-12-01,town,,,A fall,,a lot,,", "Write the amount in pounds"),
        ("claim,2025-12-01,town,,,A fall,,NaN,,", "Write the amount in pounds"),
        ("claim,2025-12-01,town,,,A fall,,1e99,,", "Write the amount in pounds"),
        ("claim,2025-12-01,town,,,A fall,,0.001,,", "Write the amount in pounds"),
        ("compliment,2025-12-01,town,,,Thanks,,20,,", "Only claims have an amount"),
        ("compliment,2025-12-01,town,,,Thanks,,,, much,7,again", "more cells than the first line names"),
    ],
)
def test_a_wrong_row_says_what_to_do(line: str, words: str) -> None:
    assert words in problem(line)


def test_all_that_is_wrong_with_a_row_is_told_at_once_with_its_line() -> None:
    found = read("compliment,2025-12-01,town,,,Thanks,,,,", '"",soon,,,,"two\nlines",,,,', "x,2025-12-01,town,,,y,,,,")

    assert [(line, fine) for line, fine, _ in found] == [(2, True), (3, False), (5, False)]
    assert [part[:8] for part in found[1][2].split("; ")] == ["Say whic", "Write th", "this say", "Name the"]


def test_rows_that_say_the_same_are_as_many_things_and_the_same_again_next_time() -> None:
    thanks = "compliment,2025-12-01,town,,,Thanks,,,,"
    raw = "\n".join([HEAD, thanks, thanks]).encode()

    keys = [[row.told.key for row in rows(raw, WHERE) if row.told] for _ in range(2)]

    assert len(set(keys[0])) == 2
    assert keys[0] == keys[1]


def test_one_id_twice_in_a_file_is_a_mistake() -> None:
    found = read(*["compliment,2025-12-01,town,,,Thanks,,,Cards,7"] * 2)

    assert found[0][1]
    assert "Line 2 has the same source and id" in found[1][2]


@pytest.mark.parametrize("save", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_what_spreadsheets_save_is_read(save: str, comma: str) -> None:
    text = comma.join(["Kind", "Date", "Organisation", "Text", ""]) + "\r\n"
    text += comma.join(["compliment", "1/12/2025", "town", "Café, “thanks”".replace(comma, ""), ""]) + "\r\n\r\n"

    told = rows(text.encode(save), WHERE)[0].told

    assert told is not None
    assert told.text.startswith("Café")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "The file is empty"),
        (b"kind,text\n", "it lacks date"),
        (b"kind,date,mood\n", "There is no column “mood”"),
        (b"kind,date,kind\n", "is there twice"),
    ],
)
def test_a_file_without_the_right_first_line_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        rows(raw, WHERE)

    assert words in str(refused.value)


def test_bytes_that_are_no_text_are_told_row_by_row_and_break_nothing() -> None:
    found = rows(f"{HEAD}\n".encode() + bytes(range(256)) * 3 + b'\n"' + b"x" * 200_000, WHERE)

    assert found
    assert not [row for row in found if row.told]


@pytest.mark.parametrize("words", ["2025-02-30", "31/02/2025", "2025-1-1", "1/1/25", "٢٠٢٥-١٢-٠١"])
def test_what_is_no_day_is_none(words: str) -> None:
    assert day_in(words) is None
