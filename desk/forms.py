"""Reading what a browser posted to the desk, within limits that no honest form reaches."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from workflow.answers import tidy
from workflow.posted import LARGEST_FILE, MOST_FILES
from workflow.posted import Form as Form

MOST_FIELDS = 200
LARGEST_FIELD = 1024 * 1024  # bytes
LARGEST_FORM = 4 * 1024 * 1024  # bytes, without files
LARGEST_UPLOAD = MOST_FILES * LARGEST_FILE + LARGEST_FORM


async def read_form(request: Request, largest: int = LARGEST_FORM) -> Form:
    """The form in this request. Raises HTTPException 413 for one that is too large, 400 for one that is none."""
    said = request.headers.get("content-length", "")
    if not said.isascii() or not said.isdigit() or int(said[:20]) > largest:
        raise HTTPException(413)
    form = Form()
    # Room for a few files too many, so that staff are told in words and nothing they typed is lost.
    async with request.form(max_files=3 * MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD) as posted:
        for name, value in posted.multi_items():
            if not isinstance(value, UploadFile):
                form.fields.setdefault(name, []).append(tidy(value))
            elif value.filename and form.wants(value.filename, value.size or 0):
                form.take(value.filename, value.content_type, await value.read())
    return form
