"""Reading what a browser posted, within limits that no honest form reaches."""

from starlette.datastructures import UploadFile
from starlette.requests import Request

from workflow.posted import LARGEST_FILE, MOST_FILES
from workflow.posted import Form as Form

LARGEST_FORM = 2 * 1024 * 1024  # bytes, without files
LARGEST_UPLOAD = MOST_FILES * LARGEST_FILE + LARGEST_FORM
MOST_FIELDS = 100


async def read_form(request: Request) -> Form:
    """The form in this request. Raises HTTPException 400 for one that breaks the limits, or is none."""
    form = Form()
    # Room for a few files too many, so that the person is told in words; the body's limit guards the rest.
    async with request.form(max_files=3 * MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FORM) as posted:
        for name, value in posted.multi_items():
            if isinstance(value, UploadFile):
                if value.filename and form.wants(value.filename, value.size or 0):
                    form.take(value.filename, value.content_type, await value.read())
            else:
                form.fields.setdefault(name, []).append(value)
    return form
