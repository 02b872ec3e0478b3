"""A small typed service about plants: JSON in, JSON out, wrong input explained field by field."""

import mimetypes
import sys
from pathlib import Path

from fastapi import FastAPI, HTTPException, Query, Response
from fastapi.responses import RedirectResponse

from models import Light, NewPlant, Plant, Summary

STATIC = Path(__file__).parent / "static"
MAX_PLANTS = 500

# The usual pages of documentation load their scripts from a foreign host; /docs below is our own and needs none.
app = FastAPI(title="Greenhouse", version="1.0", docs_url=None, redoc_url=None)
plants: dict[int, Plant] = {}


@app.get("/api/plants")
async def list_plants(light: Light | None = None, limit: int = Query(default=100, ge=1, le=500)) -> list[Plant]:
    """All plants, or those that like this light."""
    return [plant for plant in plants.values() if light in (None, plant.light)][:limit]


@app.post("/api/plants", status_code=201)
async def add_plant(plant: NewPlant, response: Response) -> Plant:
    """Adds a plant."""
    if len(plants) >= MAX_PLANTS:
        raise HTTPException(409, f"The greenhouse is full: it holds {MAX_PLANTS} plants.")
    kept = Plant(id=max(plants, default=0) + 1, **plant.model_dump())
    plants[kept.id] = kept
    response.headers["location"] = f"/api/plants/{kept.id}"
    return kept


@app.get("/api/plants/{plant_id}")
async def get_plant(plant_id: int) -> Plant:
    """One plant."""
    if plant_id not in plants:
        raise HTTPException(404, "There is no such plant.")
    return plants[plant_id]


@app.delete("/api/plants/{plant_id}", status_code=204)
async def remove_plant(plant_id: int) -> None:
    """Removes a plant."""
    if plants.pop(plant_id, None) is None:
        raise HTTPException(404, "There is no such plant.")


@app.get("/api/summary")
async def summary() -> Summary:
    """How many plants there are, and how often they want water."""
    days = [plant.water_every_days for plant in plants.values()]
    return Summary(
        plants=len(plants),
        by_light={light: sum(plant.light == light for plant in plants.values()) for light in Light},
        water_every_days_on_average=round(sum(days) / len(days), 1) if days else None,
    )


@app.get("/", include_in_schema=False)
async def page() -> Response:
    return static_file("index.html")


@app.get("/docs", include_in_schema=False)
async def docs() -> Response:
    return static_file("docs.html")


@app.get("/redoc", include_in_schema=False)
async def redoc() -> RedirectResponse:
    return RedirectResponse("/docs")


@app.get("/static/{name}", include_in_schema=False)
async def static(name: str) -> Response:
    return static_file(name)


def static_file(name: str) -> Response:
    """A file beside the code. FastAPI's own FileResponse reads in a thread, and a browser tab has none to give."""
    file = STATIC / Path(name).name
    if not file.is_file():
        raise HTTPException(404, "There is no such file.")
    return Response(file.read_bytes(), media_type=mimetypes.guess_type(name)[0])


for example in (
    NewPlant(name="Basil", light=Light.SUN, water_every_days=2),
    NewPlant(name="Fern", light=Light.SHADE, water_every_days=4),
):
    number = len(plants) + 1
    plants[number] = Plant(id=number, **example.model_dump())


if __name__ == "__main__":
    if sys.platform == "emscripten":
        for route, methods in app.openapi()["paths"].items():
            print(", ".join(method.upper() for method in methods).ljust(12), route)
        print("The service works. Press Publish to give it a URL of its own.")
    else:
        import uvicorn

        uvicorn.run(app, port=8000)
