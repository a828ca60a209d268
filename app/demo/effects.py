"""What each deed of the story does to its case, as the check on the time-lapse understands it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from app.demo.days import working_days
from app.demo.ledger import NO_CASE, Ledger
from app.demo.owed import Followed
from app.demo.story import Deed

Effect = Callable[[Ledger, Followed, Deed], None]


def _assign(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.handler = deed.given["to"]


def _move(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.service, case.handler = deed.given["service"], None


def _name_staff(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.about = deed.given["who"]
    case.handler = None if case.handler == case.about else case.handler


def _change_contact(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.address = deed.given["email"] if deed.given["prefers"] == "email" else ""
    case.has_blocked = False


def _block(_ledger: Ledger, case: Followed, _deed: Deed) -> None:
    """Letters to their chat do not arrive from now on, so that no duty is met by one."""
    case.has_blocked = True


def _link(ledger: Ledger, case: Followed, deed: Deed) -> None:
    """The code that shows whose case it is goes to the mailbox, and names no case."""
    ledger.owe_on(deed.at.date(), "chat_code", case.address, NO_CASE)


def _acknowledge(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    """It tells a date for the answer, as counted from today: what the person was told is a promise."""
    if case.has_blocked:
        return
    event, answer = f"{case.stage}.acknowledged", case.of_stage()[-1]
    as_if_sent = replace(case, events={**case.events, event: deed.at.date()})
    promised = deed.given.get("promised")
    told = date.fromisoformat(promised) if promised else as_if_sent.due(answer)
    assert told
    case.promised[answer.id] = told
    _sent(case, event, deed)


def _respond(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    _sent(case, case.rules.answers[case.stage], deed)


def _report_findings(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    if deed.given["has_recommendations"] == "yes":
        case.words.add("has_recommendations")
    _sent(case, "s3.findings_sent", deed)


def _hold_panel(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.events["s3.panel_held"] = date.fromisoformat(deed.given["on"])


def _record_posting(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    _happens(case, case.to_post, deed)
    case.to_post = ""


def _recall(ledger: Ledger, case: Followed, _deed: Deed) -> None:
    """Within a minute of the letter: it never leaves."""
    gone = ledger.take_back(case.name)
    case.events.pop({"acknowledgement": f"{case.stage}.acknowledged"}[gone.kind])
    case.promised.pop(case.of_stage()[-1].id)


def _bounce(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    """The duty is owed again."""
    case.events.pop({"acknowledgement": f"{case.stage}.acknowledged"}[deed.given["kind"]])


def _extend(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    clock = clock_meant(case, deed)
    before = case.due(case.rule(clock))
    assert before
    until = deed.given.get("to")
    case.longer[clock] = date.fromisoformat(until) if until else working_days(before, int(deed.given["days"]))
    case.promised[clock] = case.longer[clock]


def _correct_receipt(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.events["received"] = date.fromisoformat(deed.given["date"])


def _end(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.state = "closed"
    case.ended.setdefault(case.stage, deed.at.date())


def _tell_colleague(ledger: Ledger, case: Followed, deed: Deed) -> None:
    case.colleagues.append(deed.given["email"])
    ledger.owe(deed, "colleague_told", deed.given["email"])


def _refile(ledger: Ledger, case: Followed, deed: Deed) -> None:
    _end(ledger, case, deed)
    if deed.given.get("tell") == "yes":
        ledger.owe(deed, "refiled", case.address, case.events["received"])


def _reopen(_ledger: Ledger, case: Followed, _deed: Deed) -> None:
    case.state = "open"
    case.ended.pop(case.stage, None)


def _ask_on(_ledger: Ledger, case: Followed, deed: Deed) -> None:
    """What is written after an answer asks for the next stage, if there is one."""
    if case.stage in case.answered and case.stage in case.rules.onward and case.asked_on is None:
        case.asked_on = deed.at.date()


def _accept(_ledger: Ledger, case: Followed, _deed: Deed) -> None:
    assert case.asked_on
    case.stage, case.handler = case.rules.onward[case.stage], None
    case.events[f"{case.stage}.requested"], case.asked_on = case.asked_on, None


def _refuse_request(_ledger: Ledger, case: Followed, _deed: Deed) -> None:
    case.asked_on = None


def _sent(case: Followed, event: str, deed: Deed) -> None:
    if case.address:
        _happens(case, event, deed)
    else:
        case.to_post = event


def _happens(case: Followed, event: str, deed: Deed) -> None:
    case.events[event] = deed.at.date()
    if event == case.rules.answers.get(case.stage):
        case.answered.add(case.stage)
        case.ended[case.stage] = deed.at.date()


def clock_meant(case: Followed, deed: Deed) -> str:
    """The clock named, or the stage's answer."""
    return deed.given.get("clock") or case.of_stage()[-1].id


EFFECTS: Mapping[str, Effect] = {
    "assign": _assign, "move": _move, "name_staff": _name_staff,
    "change_contact": _change_contact, "acknowledge": _acknowledge, "respond": _respond, "extend": _extend,
    "report_findings": _report_findings, "hold_panel": _hold_panel, "record_posting": _record_posting,
    "recall_letter": _recall, "mail_bounces": _bounce, "correct_receipt": _correct_receipt, "refuse": _end,
    "withdraws_online": _end, "close": _end, "signpost": _end, "refile": _refile, "reopen": _reopen,
    "withdraws_in_chat": _end, "writes_in_chat": _ask_on, "blocks_the_bot": _block, "asks_to_link": _link,
    "replies": _ask_on, "asks_online": _ask_on, "request_stage": _ask_on, "accept_request": _accept,
    "refuse_request": _refuse_request, "tell_colleague": _tell_colleague,
}  # fmt: skip
