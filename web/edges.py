"""Where requests become work in a thread, and where whatever goes wrong becomes a page."""

import logging
import traceback
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from web import languages
from web.forms import Form, read_form
from web.pages import Site, problem, unavailable

log = logging.getLogger("redress.web")

Endpoint = Callable[[Request], Awaitable[Response]]
Reading = Callable[[Site, Request], Response]
Taking = Callable[[Site, Request, Form], Response]


def getting(site: Site, work: Reading) -> Endpoint:
    """An endpoint that shows something."""

    async def endpoint(request: Request) -> Response:
        switched = languages.switch(request, secure=site.is_secure)
        return switched or await _guarded(site, request, Form(), lambda: work(site, request))

    return endpoint


def posting(site: Site, work: Taking) -> Endpoint:
    """An endpoint that takes a form. Its work goes on in its thread even if the browser leaves."""

    async def endpoint(request: Request) -> Response:
        try:
            form = await read_form(request)
        except HTTPException as error:
            return problem(site, request, error)
        except ClientDisconnect:
            return Response(
                status_code=400
            )  # cut off in the middle: nothing was kept, and nobody is there to read this
        return await _guarded(site, request, form, lambda: work(site, request, form))

    return endpoint


async def _guarded(site: Site, request: Request, form: Form, work: Callable[[], Response]) -> Response:
    try:
        return await run_in_threadpool(work)
    except HTTPException as error:
        return problem(site, request, error)
    except Exception as error:  # noqa: BLE001 - whatever failed, the words that were typed must not be lost
        where = traceback.extract_tb(error.__traceback__)[-1]
        # The error's own text may hold what a person wrote: only its kind and place are logged.
        log.error("page failed: %s at %s:%s", type(error).__name__, where.filename, where.lineno)
        return unavailable(site, request, form)
