"""Complaining: the start page and the questions, one page each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.database import reading, writing
from storage.tables import FormDraft
from web import drafts
from web.bodies import Body
from web.forms import Form
from web.languages import reads
from web.pages import Site, go, show, words_in
from web.promises import promises
from workflow.answers import NotAnAnswer, check_page, validate
from workflow.questionnaire import Question, asked, consistent, next_question, questions
from workflow.tokens import digest


@dataclass(frozen=True)
class Visit:
    """Someone at a body's form: the questions there and what they have answered so far."""

    body: Body
    every: tuple[Question, ...]
    answers: Mapping[str, Any]
    files: list[dict[str, Any]]
    once: str  # the draft's one-time token; empty before the first answer

    @property
    def home(self) -> str:
        return f"/complain/{self.body.slug}"

    def on(self, page: str) -> list[Question]:
        """The questions of a page that these answers lead to. A page we don't have is a 404."""
        if page not in {question.page for question in self.every}:
            raise HTTPException(404)
        return [question for question in asked(self.every, self.answers) if question.page == page]

    def next(self) -> str:
        """Where to go on: the first page with a question unanswered, or the last look."""
        question = next_question(self.every, self.answers)
        return f"{self.home}/{question.page if question else 'check'}"

    def back(self, page: str) -> str:
        """The page before this one."""
        before = ""
        for question in asked(self.every, self.answers):
            if question.page == page:
                break
            before = question.page
        return f"{self.home}/{before}" if before else self.home


def front(site: Site, request: Request) -> Response:
    """Which body is it about?"""
    return show(request, "front", bodies=site.bodies.all())


def start(site: Site, request: Request) -> Response:
    """How to complain to this body, what happens then and when, and other ways."""
    body = site.bodies.find(request.path_params["slug"])
    first = Visit(body, questions(body.options), {}, [], "").next()
    return show(request, "start", body, first=first, promises=promises(body.services, reads(request)))


def visit(site: Site, request: Request) -> Visit:
    """The visit as kept so far; a complaint already sent is over, the next one begins empty."""
    body = site.bodies.find(request.path_params["slug"])
    with reading(site.door.engine) as session:
        draft = drafts.find(session, drafts.token_of(request), site.door.clock())
    return of_draft(body, None if draft is None or draft.contact_key else draft, reads(request))


def of_draft(body: Body, draft: FormDraft | None, language: str) -> Visit:
    """The visit as this draft holds it."""
    every = questions(body.options, language)
    return Visit(body, every, draft.answers, draft.files, draft.token_hash) if draft else Visit(body, every, {}, [], "")


def ask(site: Site, request: Request) -> Response:
    """One page of questions."""
    here = visit(site, request)
    page = request.path_params["page"]
    on_page = here.on(page)
    return show_questions(request, here, page, on_page, here.answers) if on_page else go(here.next())


def take(site: Site, request: Request, form: Form) -> Response:
    """The answers of one page: kept, or shown again with what is wrong."""
    here, page = visit(site, request), request.path_params["page"]
    given = {question.id: _given(question, form) for question in here.on(page)}
    taken, errors = judge(here.on(page), here.answers, given)
    if errors:
        return show_questions(request, here, page, here.on(page), {**here.answers, **given}, errors)
    return keep(site, request, form, lambda _session, draft: _answer(site, draft, taken))


def judge(
    on_page: list[Question], answers: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers to keep, and what is wrong, by question."""
    taken: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for question in on_page:
        try:
            taken[question.id] = validate(question, given[question.id])
        except NotAnAnswer as error:
            errors[question.id] = str(error)
    return taken, errors or dict(check_page(on_page, {**answers, **taken}))


def keep(site: Site, request: Request, form: Form, change: Callable[[Session, FormDraft], None]) -> Response:
    """Change the draft, or begin one, and go on to the next question."""
    body = site.bodies.find(request.path_params["slug"])
    now, token, given = site.door.clock(), "", form.one("once")
    with writing(site.door.engine) as session:
        tab = session.get(FormDraft, given) if drafts.is_token_hash(given) else None
        if tab and tab.contact_key:  # a page left open in another tab: its words must not go astray
            return show(request, "already-sent", body, 409, once=tab.token_hash, typed=words_in(form))
        draft = drafts.find(session, drafts.token_of(request), now, lock=True)
        if draft is None or draft.contact_key:
            token = drafts.new_token()
            draft = drafts.begin(session, now, digest(token))
        change(session, draft)
        here = of_draft(body, draft, reads(request))
    response = go(here.next())
    if token:
        drafts.give_cookie(response, token, here.home, secure=site.is_secure)
    return response


def show_questions(
    request: Request,
    here: Visit,
    page: str,
    on_page: list[Question],
    values: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
    **facts: Any,
) -> Response:
    """A page of questions, with what was answered and what is wrong."""
    return show(
        request,
        "files" if on_page[0].kind == "files" else "question",
        here.body,
        422 if errors else 200,
        questions=on_page,
        values=values,
        errors=errors or {},
        files=here.files,
        once=here.once,
        back=here.back(page),
        action=f"{here.home}/{page}",
        **facts,
    )


def _given(question: Question, form: Form) -> Any:
    return form.all(question.id) if question.kind == "choices" else form.one(question.id)


def _answer(site: Site, draft: FormDraft, taken: Mapping[str, Any]) -> None:
    drafts.keep_answers(draft, consistent({**draft.answers, **taken}), site.door.clock())
