"""What goes in and out. FastAPI checks every request against these types and explains what is wrong."""

from datetime import date
from enum import Enum

from pydantic import BaseModel, ConfigDict, Field


class Light(str, Enum):
    SHADE = "shade"
    HALF = "half"
    SUN = "sun"


class NewPlant(BaseModel):
    """A plant as somebody sends it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=80, examples=["Basil"])
    light: Light = Light.HALF
    water_every_days: int = Field(ge=1, le=60, description="Days between two waterings.", examples=[3])
    planted: date = Field(default_factory=date.today)


class Plant(NewPlant):
    """A plant as the service keeps it."""

    id: int = Field(ge=1)


class Summary(BaseModel):
    plants: int
    by_light: dict[Light, int]
    water_every_days_on_average: float | None
