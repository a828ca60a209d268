"""Every address of the desk, in one table."""

from asgi_cross_origin_protection import CrossOriginProtection
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from desk import (
    acting,
    api,
    case_page,
    chat_updates,
    entering,
    files,
    finding,
    held,
    insight,
    leader,
    leader_deciding,
    learning_acting,
    learning_lists,
    learning_page,
    lists,
    ombudsman,
    printing,
    publishing,
    publishing_to,
    quarantine,
    sign_in,
    survey_sheets,
    surveys,
    unfinished,
)
from desk.door import DeskDoor
from desk.edges import Endpoint, Visit, Work, anyone, staff_only
from desk.forms import LARGEST_UPLOAD
from desk.gates import SafeHeaders
from desk.pages import problem

PERIOD, REVIEW = "/desk/leader/{period}", "/desk/reviews/{review}"
LESSONS, LESSON, ACTION = "/desk/lessons", "/desk/lessons/{lesson}", "/desk/actions/{action}"
PUBLIC, SURVEY = f"{LESSON}/public", "/desk/surveys/{survey}"
CHAT, UPDATE = "/desk/unfinished/{conversation}", "/desk/quarantine/chat/{update}"
CASE, CONTACT, LINK = "/desk/cases/{reference}", "/desk/quarantine/{contact}", "/desk/sign-in/{token}"


def routes(door: DeskDoor) -> list[BaseRoute]:
    """The desk's pages, all under /desk, each behind its gates."""

    def staff(work: Work) -> Endpoint:
        return staff_only(door, work)

    return [
        _show("/desk/sign-in", anyone(door, sign_in.ask)),
        _take(door, "/desk/sign-in", anyone(door, sign_in.send_link)),
        _show(LINK, anyone(door, sign_in.show_button)),
        _take(door, LINK, anyone(door, sign_in.confirm)),
        _take(door, "/desk/sign-out", staff(sign_in.sign_out)),
        _show("/desk", staff(lists.cases)),
        _show("/desk/tasks", staff(lists.tasks)),
        _show("/desk/search", staff(finding.ask)),
        _take(door, "/desk/search", staff(finding.find)),
        _show("/desk/held", staff(held.held)),
        _show("/desk/quarantine", staff(quarantine.quarantined)),
        _show(CONTACT, staff(quarantine.look)),
        _show(f"{CONTACT}/original", staff(quarantine.original)),
        _take(door, f"{CONTACT}/again", staff(quarantine.try_again)),
        _take(door, f"{CONTACT}/open", staff(quarantine.open_by_hand)),
        _show(UPDATE, staff(chat_updates.look)),
        _take(door, f"{UPDATE}/again", staff(chat_updates.try_again)),
        _take(door, f"{UPDATE}/done", staff(chat_updates.done)),
        _show("/desk/unfinished", staff(unfinished.listed)),
        _show(CHAT, staff(unfinished.look)),
        _take(door, f"{CHAT}/open", staff(unfinished.open_case)),
        _take(door, f"{CHAT}/set-aside", staff(unfinished.set_aside)),
        _show("/desk/new", staff(entering.ask)),
        _take(door, "/desk/new", staff_only(door, entering.take, largest=LARGEST_UPLOAD)),
        _show(CASE, staff(case_page.case_page)),
        _show(f"{CASE}/do/{{verb}}", staff(acting.ask)),
        _take(door, f"{CASE}/do/{{verb}}", staff(acting.take)),
        _show(f"{CASE}/ombudsman/{{verb}}", staff(learning_acting.ask(ombudsman.doing))),
        _take(door, f"{CASE}/ombudsman/{{verb}}", staff(learning_acting.take(ombudsman.doing))),
        _show(f"{CASE}/files/{{file}}", staff(files.file)),
        _show(f"{CASE}/contacts/{{contact}}/original", staff(files.original)),
        _show(LESSONS, staff(learning_lists.lessons)),
        _show(f"{LESSONS}/new", staff(learning_acting.ask(learning_acting.new_lesson))),
        _take(door, f"{LESSONS}/new", staff(learning_acting.take(learning_acting.new_lesson))),
        _show(LESSON, staff(learning_page.lesson)),
        _show(f"{LESSON}/do/{{verb}}", staff(learning_acting.ask(learning_acting.on_lesson))),
        _take(door, f"{LESSON}/do/{{verb}}", staff(learning_acting.take(learning_acting.on_lesson))),
        _show("/desk/leader", staff(leader.now)),
        _show(PERIOD, staff(leader.page)),
        _show(f"{PERIOD}/definitions", staff(leader.definitions)),
        _show(f"{PERIOD}/cases/{{count}}/{{by}}/{{value}}", staff(leader.cases)),
        _show(f"{PERIOD}/decide/{{question}}", staff(learning_acting.ask(leader_deciding.decide))),
        _take(door, f"{PERIOD}/decide/{{question}}", staff(learning_acting.take(leader_deciding.decide))),
        _show(REVIEW, staff(leader_deciding.review)),
        _show(f"{REVIEW}/{{verb}}", staff(learning_acting.ask(leader_deciding.on_review))),
        _take(door, f"{REVIEW}/{{verb}}", staff(learning_acting.take(leader_deciding.on_review))),
        _show(PUBLIC, staff(publishing.text)),
        _show(f"{PUBLIC}/do/{{verb}}", staff(learning_acting.ask(publishing.doing))),
        _take(door, f"{PUBLIC}/do/{{verb}}", staff(learning_acting.take(publishing.doing))),
        _show("/desk/published", staff(publishing.listed)),
        _show("/desk/stakeholders", staff(publishing_to.stakeholder_list)),
        _show("/desk/stakeholders/new", staff(learning_acting.ask(publishing_to.new_stakeholder))),
        _take(door, "/desk/stakeholders/new", staff(learning_acting.take(publishing_to.new_stakeholder))),
        _show("/desk/feeds", staff(publishing_to.feed_list)),
        _show("/desk/feeds/new", staff(learning_acting.ask(publishing_to.new_feed))),
        _take(door, "/desk/feeds/new", staff(learning_acting.take(publishing_to.new_feed))),
        _take(door, "/desk/feeds/{feed}/stop", staff(publishing_to.stop_feed)),
        _show("/desk/insight", staff(insight.listed)),
        _show("/desk/insight/new", staff(learning_acting.ask(insight.new))),
        _take(door, "/desk/insight/new", staff(learning_acting.take(insight.new))),
        _show("/desk/actions", staff(learning_lists.actions)),
        _show(ACTION, staff(learning_page.action)),
        _show(f"{ACTION}/do/{{verb}}", staff(learning_acting.ask(learning_acting.on_action))),
        _take(door, f"{ACTION}/do/{{verb}}", staff(learning_acting.take(learning_acting.on_action))),
        _show("/desk/letters/{letter}/print", staff(printing.letter)),
        _show(survey_sheets.PAGE, staff(survey_sheets.ask)),
        _take(door, survey_sheets.PAGE, staff(survey_sheets.take)),
        _show(SURVEY, staff(surveys.printed)),
        _show(f"{SURVEY}/posted", staff(learning_acting.ask(surveys.posting))),
        _take(door, f"{SURVEY}/posted", staff(learning_acting.take(surveys.posting))),
        _show("/desk/api/cases", staff(api.cases)),
        _show("/desk/api/cases/{reference}", staff(api.case)),
        _show("/desk/{elsewhere:path}", staff(_nothing)),
    ]


def _nothing(_visit: Visit) -> Response:
    raise HTTPException(404)


def _show(path: str, endpoint: Endpoint) -> Route:
    return Route(path, endpoint, methods=["GET"], middleware=[Middleware(SafeHeaders)])


def _take(door: DeskDoor, path: str, endpoint: Endpoint) -> Route:
    ours = "/".join(door.office.public_url.split("/")[:3])  # our pages' origin, as browsers name it
    guard = Middleware(CrossOriginProtection, allowed_origins=[ours], deny_app=_refuse)
    return Route(path, endpoint, methods=["POST"], middleware=[Middleware(SafeHeaders), guard])


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """A post that comes from another site is nothing that our staff meant to do."""
    await problem(403)(scope, receive, send)
