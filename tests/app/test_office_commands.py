"""Bodies, services and addresses by commands: what is added is listed, and what can not stand is refused in a line."""

import pytest

from tests.app.redress import Redress


def test_a_service_moves_to_another_procedure_from_now_on(redress: Redress) -> None:
    redress("organisation", "add", "town", "Town Council")
    redress("service", "add", "care", "Care", "--organisation", "town", "--procedure", "asc-england-2006")

    printed = redress("service", "move", "care", "--procedure", "nhs-asc-england-2009")

    assert "Still open under asc-england-2006: 0." in printed
    assert redress.json("service", "list")[0]["procedure"] == "nhs-asc-england-2009"


def test_what_is_added_is_listed(redress: Redress) -> None:
    code = "housing-ombudsman-code-2024"

    redress("organisation", "add", "homes", "Town Homes", "--kind", "housing-association")
    redress("service", "add", "repairs", "Repairs", "--organisation", "homes", "--procedure", code)
    redress("address", "add", "Repairs@homes.example", "--organisation", "homes", "--service", "repairs")
    redress("user", "add", "hana@homes.example", "Hana", "--organisation", "homes", "--service", "repairs")

    assert redress.json("organisation", "list")[0]["slug"] == "homes"
    assert redress.json("service", "list")[0]["procedure"] == code
    assert redress.json("address", "list") == [
        {"address": "repairs@homes.example", "organisation": "homes", "service": "repairs", "procedure": None}
    ]
    assert redress.json("user", "list")[0]["services"] == ["repairs"]


def test_an_address_can_have_a_procedure_of_its_own(redress: Redress) -> None:
    redress.set_up()
    past = ("address", "add", "past@homes.example", "--organisation", "homes", "--procedure")

    refused = redress.refuses(*past, "made-up")
    printed = redress(*past, "asc-england-2006")

    assert "There is no procedure made-up. There are: asc-england-2006, housing-ombudsman-code-2024, nhs-" in refused
    assert "Complaints to it follow asc-england-2006." in printed
    listed = {row["address"]: row["procedure"] for row in redress.json("address", "list")}
    assert listed == {"repairs@homes.example": None, "past@homes.example": "asc-england-2006"}
    assert "asc-england-2006" in redress("address", "list")


def test_with_several_services_an_address_of_its_own_procedure_says_which_it_is_for(redress: Redress) -> None:
    redress.set_up()
    redress("service", "add", "lifts", "Lifts", "--organisation", "homes", "--procedure", "housing-ombudsman-code-2024")
    past = ("address", "add", "past@homes.example", "--organisation", "homes", "--procedure", "asc-england-2006")

    refused = redress.refuses(*past)
    redress(*past, "--service", "lifts")
    moved = redress("service", "move", "lifts", "--procedure", "nhs-asc-england-2009")

    assert "has 2 services: with --procedure, say by --service which it is for" in refused
    assert "now follow nhs-asc-england-2009, except mail to past@homes.example, which has its own." in moved


def test_what_can_not_be_added_is_refused_in_one_line(redress: Redress) -> None:
    redress.set_up()

    assert "There is no procedure made-up" in redress.refuses(
        "service", "add", "x", "X", "--organisation", "homes", "--procedure", "made-up"
    )
    assert "There is no organisation nowhere" in redress.refuses(
        "address", "add", "a@b.example", "--organisation", "nowhere"
    )
    redress("organisation", "add", "office", "Head Office")
    assert "Add a service first: redress service add --help" in redress.refuses(
        "address", "add", "complaints@office.example", "--organisation", "office"
    )
    assert "already" in redress.refuses("organisation", "add", "homes", "Again")
    assert "no email address" in redress.refuses("user", "add", "nobody", "N", "--organisation", "homes")


def test_what_letters_say_of_a_body_can_be_changed(redress: Redress) -> None:
    redress("organisation", "add", "homes", "Town Homes", "--telephone", "01632 960000")

    redress("organisation", "change", "homes", "--postal-address", "1 High Street\nTown\nTN1 1AA")

    (homes,) = redress.json("organisation", "list")
    assert homes["postal_address"] == "1 High Street\nTown\nTN1 1AA"
    assert homes["telephone"] == "01632 960000"
    assert "Say what to change" in redress.refuses("organisation", "change", "homes")


@pytest.mark.parametrize("name", [" ", "Town\x07Homes"])
def test_a_name_that_no_mail_could_bear_is_refused(redress: Redress, name: str) -> None:
    redress("organisation", "add", "homes", "Town Homes")

    for words in (
        ("organisation", "change", "homes", "--name", name),
        ("organisation", "add", "other", name),
        ("service", "add", "repairs", name, "--organisation", "homes", "--procedure", "housing-ombudsman-code-2024"),
        ("user", "add", "hari@homes.example", name, "--organisation", "homes"),
    ):
        assert "Write a name" in redress.refuses(*words)


def test_a_name_is_kept_on_one_line(redress: Redress) -> None:
    redress("organisation", "add", "homes", "Town\r\nHomes")
    before = redress.json("organisation", "list")[0]["name"]

    redress("organisation", "change", "homes", "--name", "Cartrefi’r\u00a0\nDref ")

    assert (before, redress.json("organisation", "list")[0]["name"]) == ("Town Homes", "Cartrefi’r Dref")


@pytest.mark.parametrize("slug", ["Town Homes", "town/homes", "-homes", "TOWN", ""])
def test_a_short_name_is_one_that_can_stand_in_a_link(redress: Redress, slug: str) -> None:
    assert "is no short name: write small letters, digits and hyphens" in redress.refuses(
        "organisation", "add", "--", slug, "Town Homes"
    )


def test_a_table_does_not_break_what_is_copied_into_the_next_command(redress: Redress) -> None:
    redress.set_up()
    staff = ("user", "add", "a-very-long-name-of-a-handler@homes.example", "Anna Very-Long", "--organisation", "homes")
    redress(*staff, "--service", "repairs")

    row = next(line for line in redress("user", "list").splitlines() if "a-very-long" in line)

    assert row.startswith("a-very-long-name-of-a-handler@homes.example ")
    assert "[" not in row
