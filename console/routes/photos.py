"""吹哨: a resident's photographs, for those who may read the report."""

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from console import views
from console.desk import Desk, Look

OF = {"problems": "问题", "whistles": "哨"}


def routes(desk: Desk) -> list[Route]:
    async def photos(look: Look) -> Response:
        of, id = look.request.path_params["of"], look.request.path_params["id"]
        if of not in OF:
            raise HTTPException(404)
        answer = await views.read(look, f"/whistle/{of}/{{id}}/photos", id=id)
        if not answer.good:
            return desk.refused(look, answer)
        page = f"/whistle/{of}/{quote(id, safe='')}"
        context = {
            "title": "居民所附照片",
            "of": OF[of],
            "page": f"/console{page}",
            "photos": [f"/console/paper{page}/photos/{one['id']}" for one in answer.json()],
        }
        return desk.page(look, "photos.html", context)

    return [Route("/console/whistle/{of}/{id}/photos", desk.signed_in(photos))]
