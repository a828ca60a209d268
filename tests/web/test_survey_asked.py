"""What each group is asked reaches those who lead: by itself, and with the expectation that it measures."""

import httpx2
import pytest
from sqlmodel import Session

from learning.feedback.survey_items import bank
from learning.feedback.survey_results import Figure, results
from learning.numbers.asking import Ask
from learning.numbers.figures_expectations import expectations
from learning.quarters import parse
from learning.scopes import whole_house
from storage.database import writing
from storage.tables import SurveyInvitation
from tests.web.town import Town
from tests.web.visitor import answer, send, visitor
from workflow.tokens import digest

PEOPLE = ["strongly_agree"] * 5 + ["agree"] * 4 + ["disagree"] * 3
WINTER = parse("2025Q4")  # January to March 2026


def invited(there: Town, group: str, number: int) -> str:
    """One more person is asked; gives the path of their survey."""
    secret = there.keyring.sign("survey", f"{group} {number}")
    with writing(there.engine) as session:
        case = there.cases()[-1]
        session.add(
            SurveyInvitation(key=f"{group} {number}", grp=group, organisation_id=case.organisation_id,
                             service_id=case.service_id, token_hash=digest(secret), send_at=there.now,
                             sent_at=there.now)
        )  # fmt: skip
    return f"/survey/{secret}"


def all_say(there: Town, client: httpx2.Client, group: str, item: str) -> str:
    """Twelve people answer this one question; gives the page on which they did."""
    paths = [invited(there, group, number) for number in range(len(PEOPLE))]
    page = client.get(paths[0]).text
    for path, said in zip(paths, PEOPLE, strict=True):
        client.post(path, data={item: said})
    there.later(days=60)
    return page


def found(there: Town, group: str, item: str) -> list[Figure]:
    with Session(there.engine) as session:
        body = there.cases()[-1].organisation_id
        return results(session, [body], WINTER.start, WINTER.end).of(group, item=item)


def told(there: Town, group: str, item: str) -> list[tuple[object, ...]]:
    """The lines that leaders read of the expectation that this question measures."""
    with Session(there.engine) as session:
        ask = Ask(session, whole_house(session, there.cases()[-1].organisation_id), WINTER, there.now)
        key = f"{group}-{bank()[item].expectation}-{bank()[item].about}"
        return [line.values for line in expectations(ask).lines if line.key == key]


@pytest.mark.parametrize(
    ("group", "item", "words"),
    [
        pytest.param("complainant", "easy", "It was easy to complain", marks=pytest.mark.requirement("R216")),
        pytest.param("complainant", "open", "received openly and constructively",
                     marks=pytest.mark.requirement("R240")),
        pytest.param("complainant", "glad", "I am glad that I complained", marks=pytest.mark.requirement("R241")),
        pytest.param("complainant", "handling", "satisfied with how my complaint was dealt with",
                     marks=pytest.mark.requirement("R241")),
        pytest.param("complainant", "lessons", "I was shown what was learnt", marks=pytest.mark.requirement("R260")),
        pytest.param("supporter", "handling", "satisfied with how the complaint was dealt with",
                     marks=pytest.mark.requirement("R064")),
        pytest.param("colleague", "handling", "satisfied with how the complaint was dealt with",
                     marks=pytest.mark.requirement("R019", "R065")),
        pytest.param("complaints_staff", "handling", "Overall, we deal with complaints well",
                     marks=pytest.mark.requirement("R066")),
        pytest.param("complaints_staff", "recommendations", "recommendations we receive are consistent and useful",
                     marks=pytest.mark.requirement("R247", "R248")),
        pytest.param("complainant", "reasons", "The answer was clear and dealt with every point",
                     marks=pytest.mark.requirement("R247")),
    ],
)  # fmt: skip
def test_what_people_are_asked_is_counted_by_itself_and_told_to_those_who_lead(
    the_town: Town, group: str, item: str, words: str
) -> None:
    with visitor(the_town) as client:
        answer(client)
        send(client)

        page = all_say(the_town, client, group, item)

    assert words in page
    assert f'name="{item}"' in page
    assert [(one.agree, one.disagree) for one in found(the_town, group, item)] == [(9, 3)]
    assert told(the_town, group, item) == [(12, 0.75)]
