"""What a service gives as a file or as a page to print, passed on under the visitor's own token."""

from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.desk import Desk, Look
from console.routes.reports import passed


def routes(desk: Desk) -> list[Route]:
    async def paper(look: Look) -> Response:
        path = quote(look.request.path_params["path"], safe="/")
        answer = await look.ask(f"{views.API}/{path}", look.request.query_params.multi_items())
        return passed(answer) if answer.good else desk.refused(look, answer)

    return [Route("/console/paper/{path:path}", desk.signed_in(paper))]
