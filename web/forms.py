"""Reading what a browser posted, within limits that no honest form reaches."""

import re
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.requests import Request

from web.drafts import Upload
from workflow.answers import tidy

MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024  # bytes
LARGEST_FORM = 2 * 1024 * 1024  # bytes, without files
LARGEST_UPLOAD = MOST_FILES * LARGEST_FILE + LARGEST_FORM
MOST_FIELDS = 100


@dataclass(frozen=True)
class Form:
    """The fields posted, each with all its values, and the files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)  # names of files over the limit, which were not kept
    empty: list[str] = field(default_factory=list)  # names of files without content

    def one(self, name: str) -> str:
        return (self.fields.get(name) or [""])[0]

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])


async def read_form(request: Request) -> Form:
    """The form in this request. Raises HTTPException 400 for one that breaks the limits, or is none."""
    form = Form()
    # Room for a few files too many, so that the person is told in words; the body's limit guards the rest.
    async with request.form(max_files=3 * MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FORM) as posted:
        for name, value in posted.multi_items():
            if isinstance(value, UploadFile):
                await _keep(form, value)
            else:
                form.fields.setdefault(name, []).append(value)
    return form


async def _keep(form: Form, file: UploadFile) -> None:
    name = label(file.filename or "")
    if not name:
        return  # a file field left empty
    if (file.size or 0) > LARGEST_FILE:
        form.too_large.append(name)
    elif not file.size:
        form.empty.append(name)
    else:
        form.uploads.append(Upload(name, media_type(file.content_type or ""), await file.read()))


def label(filename: str) -> str:
    """A file's name as it may be shown: the last part, without what could hide or turn its ending."""
    last = re.split(r"[/\\]", tidy(filename))[-1]
    return re.sub(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\n\t]", "", last).strip()[-120:]


def media_type(said: str) -> str:
    """The type that the browser said, when it looks like one; it is a claim."""
    plain = said.split(";")[0].strip().lower()
    return plain if re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,80}", plain) else "application/octet-stream"
