"""Reading what a browser posted to the desk, within limits that no honest form reaches."""

from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from workflow.answers import tidy

MOST_FIELDS = 200
LARGEST_FIELD = 1024 * 1024  # bytes
LARGEST_FORM = 4 * 1024 * 1024  # bytes, without files
MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024  # bytes
LARGEST_UPLOAD = MOST_FILES * LARGEST_FILE + LARGEST_FORM


@dataclass(frozen=True)
class Upload:
    """A file as the browser sent it; its type is a claim."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """The fields posted, each with all its values, and the files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)

    def one(self, name: str) -> str:
        return (self.fields.get(name) or [""])[0]

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])


async def read_form(request: Request, largest: int = LARGEST_FORM) -> Form:
    """The form in this request. Raises HTTPException 413 for one that is too large, 400 for one that is none."""
    said = request.headers.get("content-length", "")
    if not said.isascii() or not said.isdigit() or int(said[:20]) > largest:
        raise HTTPException(413)
    form = Form()
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD) as posted:
        for name, value in posted.multi_items():
            if not isinstance(value, UploadFile):
                form.fields.setdefault(name, []).append(tidy(value))
            elif value.filename and value.size:
                form.uploads.append(Upload(_last(value.filename), value.content_type or "", await value.read()))
    return form


def _last(filename: str) -> str:
    return tidy(filename).replace("\\", "/").rsplit("/", 1)[-1][-120:] or "file"
