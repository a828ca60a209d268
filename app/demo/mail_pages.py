"""/demo/mail: every mail that the demonstration has sent, to be read in a browser, for nothing leaves the machine."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.demo.reading import read
from mailroom.sink import Mail, Sink
from templates.environments import pages

MOST = 200  # on the list
# The mail's own HTML: shown in a frame of ours, without scripts or anything from elsewhere.
FRAMED = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation",
    "X-Frame-Options": "SAMEORIGIN",
}


def mail_pages(sink: Sink, folder: Path) -> Sequence[BaseRoute]:
    """The routes of the demonstration's mailbox."""

    def everything(_request: Request) -> Response:
        newest = sink.mails[::-1]
        rows = [(mail.number, read(mail.raw)) for mail in newest[:MOST]]
        return _show("mails", rows=rows, more=max(0, len(newest) - MOST), folder=folder)

    def one(request: Request) -> Response:
        mail = _find(sink, request)
        return _show("mail", number=mail.number, mail=read(mail.raw), mail_from=mail.mail_from)

    def as_html(request: Request) -> Response:
        html = read(_find(sink, request).raw).html
        return HTMLResponse(html.replace("<head>", '<head><base target="_top">', 1), headers=FRAMED)

    return [
        Route("/demo", lambda _request: RedirectResponse("/demo/mail"), methods=["GET"]),
        Route("/demo/mail", everything, methods=["GET"]),
        Route("/demo/mail/{number:int}", one, methods=["GET"]),
        Route("/demo/mail/{number:int}/html", as_html, methods=["GET"]),
    ]


def _find(sink: Sink, request: Request) -> Mail:
    number = request.path_params["number"]
    for mail in sink.mails:
        if mail.number == number:
            return mail
    raise HTTPException(404)


def _show(name: str, **facts: Any) -> Response:
    return HTMLResponse(pages().get_template(f"demo/{name}.html").render(**facts))
