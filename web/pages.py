"""Showing a page: its template, the body whose page it is, and what every page needs to know."""

from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from templates import words
from templates.environments import pages
from web.bodies import Bodies, Body
from web.door import WebDoor
from web.forms import Form
from web.gates import Pace
from web.languages import elsewise, reads
from workflow.questionnaire import Question, in_words, questions

PROBLEMS = {
    400: "bad-request",
    403: "forbidden",
    404: "not-found",
    405: "not-found",
    413: "too-large",
    429: "too-often",
}


@dataclass(frozen=True)
class Site:
    """What the pages share: the door to the rest, the bodies we speak for, and the pace of guessing and uploading."""

    door: WebDoor
    bodies: Bodies
    guesses: Pace
    uploads: Pace

    @property
    def is_secure(self) -> bool:
        """Whether browsers may be told to send our cookies over https alone."""
        return self.door.office.public_url.startswith("https")


def show(request: Request, name: str, body: Body | None = None, status: int = 200, **facts: Any) -> HTMLResponse:
    """The page `templates/web/<name>.html`, in the language of whoever asks for it."""
    owner = {"owner": body.name, "home": f"/complain/{body.slug}"} if body else {}
    template = pages(reads(request)).get_template(f"web/{name}.html")
    return HTMLResponse(template.render(body=body, elsewise=elsewise(request), **owner, **facts), status)


def go(path: str) -> Response:
    """On to another page of ours, by GET."""
    return RedirectResponse(path, 303)


def problem(site: Site, request: Request, error: HTTPException) -> Response:
    """A page that says what is wrong, in the words of whoever is asked for help."""
    body = site.bodies.known(request.path_params.get("slug"))
    page = show(request, PROBLEMS.get(error.status_code, "bad-request"), body, error.status_code)
    page.headers.update(error.headers or {})
    return page


def unavailable(site: Site, request: Request, form: Form) -> Response:
    """Something of ours failed: a page that still holds every word typed, and offers to try again."""
    body = site.bodies.known(request.path_params.get("slug"))
    words = typed(form, body, reads(request))
    return show(request, "unavailable", body, 503, again=_again(request), typed=words, bodies=site.bodies.remembered())


def typed(form: Form, body: Body | None = None, language: str = "en") -> list[dict[str, str]]:
    """What was posted, each field with what it is called; those without a name are carried along unseen."""
    known = {question.id: question for question in questions(body.options if body else (), language)}
    return [
        {"name": name, "value": value, **_shown(known.get(name), name, value, language)}
        for name, values in form.fields.items()
        for value in values
    ]


def words_in(form: Form) -> list[str]:
    """All that was typed or chosen, where the page has no place for it any more."""
    return [value for name, values in form.fields.items() if name != "once" for value in values if value]


def _shown(question: Question | None, name: str, value: str, language: str) -> dict[str, str]:
    """How a field is called and its value in words; empty for what only the form itself needs."""
    if question is None:
        return {"label": words.questionnaire(language)["progress"]["short"].get(name, ""), "words": value}
    answer = [value] if question.kind == "choices" else value
    return {"label": question.short, "words": in_words(question, answer)}


def _again(request: Request) -> str:
    return request.url.path if request.method == "POST" else ""
