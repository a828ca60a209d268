"""A new row holds what is given and what its table says, and no column that is not there."""

import pytest

from storage.tables import Contact, Participant
from tests.town import at


def test_what_is_not_given_is_as_the_table_says() -> None:
    row = Participant(case_id=1)

    assert (row.role, row.prefers, row.telephone, row.verified_at) == ("complainant", "email", "", None)


def test_each_row_has_a_list_of_its_own() -> None:
    one, other = Participant(case_id=1), Participant(case_id=2)

    one.avoid.append("post")

    assert other.avoid == []


def test_a_column_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="Contact has no postcode"):
        Contact(key="k", channel="web", recipient="town", raw_sha256="0", received_at=at("2025-12-18"), postcode="X")  # type: ignore[call-arg]  # what is tried
