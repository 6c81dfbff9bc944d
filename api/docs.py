"""The page at ``/docs``: Swagger UI from a package on this machine, so that it works without a network."""

from importlib.resources import files

from fastapi import APIRouter, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
_ASSETS = files("fastapi_swagger.resources")
_MEDIA = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_TITLE = "GridCrew API"


@router.get("/docs")
def docs() -> HTMLResponse:
    """The API to read and to try."""
    return get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=_TITLE,
        swagger_js_url="/docs/swagger-ui-bundle.js",
        swagger_css_url="/docs/swagger-ui.css",
        swagger_favicon_url="/docs/favicon-32x32.png",
        swagger_ui_parameters={"validatorUrl": None},  # else the page asks a validator on the network
    )


def _serve(name: str, media: str) -> None:
    @router.get(f"/docs/{name}")
    def asset() -> Response:
        return Response(_ASSETS.joinpath(name).read_bytes(), media_type=media)


for _name, _media in _MEDIA.items():
    _serve(_name, _media)
