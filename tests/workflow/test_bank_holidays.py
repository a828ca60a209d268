"""The bank holiday table against two independent sources."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from workflow.bank_holidays import NATIONS, bank_holidays
from workflow.working_days import calendar_for

GOV_UK = Path(__file__).parents[3] / "shared/corpora/working-days/bank-holidays-2012-2028.json"
SUBDIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
WORLD_CUP = date(2026, 6, 15)  # proclaimed for Scotland in February 2026, after the copy of gov.uk was made


@pytest.mark.parametrize("nation", NATIONS)
def test_the_table_is_that_of_the_holidays_library(nation: str) -> None:
    table = bank_holidays(nation)
    years = range(table.covers_from.year, table.covers_until.year + 1)

    library = holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=years)

    assert set(table.days) == {day for day in library if day.weekday() < 5}


@pytest.mark.parametrize("nation", NATIONS)
def test_counting_agrees_with_the_holidays_library_all_through_11_years(nation: str) -> None:
    library = holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=range(2015, 2028))
    starts = [date(2015, 1, 1) + timedelta(days=number) for number in range(0, 365 * 11, 11)]

    differing = [day for day in starts if calendar_for(nation).add(day, 20) != library.get_nth_working_day(day, 20)]

    assert differing == []


@pytest.mark.parametrize("nation", NATIONS)
def test_the_table_is_that_of_gov_uk_but_for_one_later_proclamation(nation: str) -> None:
    if not GOV_UK.exists() and not os.environ.get("CI"):
        pytest.skip("../shared/corpora is not here")
    published = {date.fromisoformat(each["date"]) for each in json.loads(GOV_UK.read_text())[nation]["events"]}

    ours = {day for day in bank_holidays(nation).days if day >= date(2012, 1, 1)}

    assert ours - published == ({WORLD_CUP} if nation == "scotland" else set())
    assert published - ours == set()
