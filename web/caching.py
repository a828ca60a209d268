"""Pages that hold nothing of anybody: browsers and caches may keep them a while, then ask whether they changed."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

MINUTES_5 = "public, max-age=300"


def kept(request: Request, response: Response) -> Response:
    """The response with what caches need; 304 without a body for who has it already. Languages are told by cookie."""
    etag = f'"{sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"Cache-Control": MINUTES_5, "ETag": etag, "Vary": "Cookie"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
