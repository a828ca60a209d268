"""What pytest does for the whole suite: which tests run on which database, what CI may not skip, what is measured."""

import os
from collections.abc import Generator
from typing import Any

import coverage
import pytest

IN_CI = os.environ.get("CI") == "true"
DATABASE = os.environ.get("REDRESS_TEST_DATABASE", "sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run is not for."""
    kept = [item for item in items if _belongs(item, str(config.option.markexpr))]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    return _not_skipped_in_ci((yield), item.location)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    return _not_skipped_in_ci((yield), (collector.nodeid, 0, ""))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Change over between counting covered lines and not, for this test, where it is an exception."""
    if MEASURE is None or _counts(item) == MEASURES_ALL:
        return (yield)
    MEASURE.stop() if MEASURES_ALL else MEASURE.start()
    try:
        return (yield)
    finally:
        MEASURE.start() if MEASURES_ALL else MEASURE.stop()


def pytest_unconfigure() -> None:
    if MEASURE:
        MEASURE.stop()
        MEASURE.save()


def _counts(item: pytest.Item) -> bool:
    """Whether the lines that this test covers are counted. To count them takes half as long again.

    What times our code must not time the counting too. On PostgreSQL what the run on SQLite has not counted is in
    storage, and where a test is of PostgreSQL alone.
    """
    if item.get_closest_marker("timed"):
        return False
    return MEASURES_ALL or bool(item.get_closest_marker("only_on")) or "storage" in item.path.parts


def _belongs(item: pytest.Item, marks_asked_for: str) -> bool:
    only_on = item.get_closest_marker("only_on")
    if only_on and DATABASE not in only_on.args:
        return False
    if item.get_closest_marker("campaign") and "campaign" not in marks_asked_for:
        return False
    # On PostgreSQL only what touches a database says anything that the run on SQLite has not said; how a page looks
    # in a browser is the same on both.
    asked_for = set(getattr(item, "fixturenames", ()))
    return DATABASE == "sqlite" or ("all_databases" in asked_for and "browser" not in asked_for)


def _not_skipped_in_ci(report: Any, where: tuple[str, int | None, str]) -> Any:
    """CI has everything that a test can ask for, so a skip there means that something is not being tested."""
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        why = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"{where[0]}: {why} (CI=true, where nothing may be skipped)"
    return report


def _measure() -> coverage.Coverage | None:
    """Count covered lines in this process, if `make test` asks for it.

    Here rather than by `coverage run`, so that the workers are measured but not the programs that tests start:
    those are timed and limited, and should run as they do in earnest.
    """
    if "REDRESS_TEST_MEASURE" not in os.environ:
        return None
    measure = coverage.Coverage(data_suffix=True)
    if MEASURES_ALL:
        measure.start()
    return measure


MEASURES_ALL = DATABASE == "sqlite"
MEASURE = _measure()  # when the plugin is loaded: before any of our own code is
