"""The page of photos and documents: add some, take one away, go on."""

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storage.tables import FormDraft
from web import complaint, drafts
from web.forms import Form
from web.pages import Site
from workflow.posted import MOST_FILES
from workflow.questionnaire import Question


def take(site: Site, request: Request, form: Form) -> Response:
    """What was pressed: remove, add, or continue (which also adds what was chosen)."""
    here = complaint.visit(site, request)
    if form.uploads and not site.uploads.allows(request):
        raise HTTPException(429)
    question = here.on("files")[0]
    if wrong := problems(question, form, len(here.files)):
        return complaint.show_questions(request, here, "files", [question], {}, {"files": wrong[0]})
    response = complaint.keep(site, request, form, lambda session, draft: _change(site, session, draft, form))
    if form.one("do") != "continue" and response.status_code == 303:
        response.headers["location"] = f"{here.home}/files"
    return response


def problems(question: Question, form: Form, already: int) -> list[str]:
    """What is wrong with the files chosen, in words."""
    wrong = [question.error("too_large", name=name) for name in form.too_large]
    wrong += [question.error("empty", name=name) for name in form.empty]
    if already + len(form.uploads) > MOST_FILES:
        wrong.append(question.error("too_many"))
    return wrong


def _change(site: Site, session: Session, draft: FormDraft, form: Form) -> None:
    now = site.door.clock()
    if removed := form.one("remove"):
        drafts.remove_file(session, draft, removed)
    drafts.keep_files(session, draft, form.uploads, now)
    if form.one("do") == "continue":
        drafts.keep_answers(draft, {**draft.answers, "files": [file["name"] for file in draft.files]}, now)
