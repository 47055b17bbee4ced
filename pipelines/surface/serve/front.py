"""The page at the root of the interface: what there is to ask for, with an example to copy; made from its OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def front_page(openapi: Mapping[str, Any], base: str) -> str:
    """Return the page in Chinese; it loads nothing from elsewhere and holds no data. base: where it is asked for."""
    places = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "pages"), undefined=StrictUndefined, autoescape=True
    )
    calls = [
        {"path": path, **about["get"], "parameters": about["get"].get("parameters", [])}
        for path, about in openapi["paths"].items()
    ]
    return places.get_template("serve.html.j2").render(info=openapi["info"], calls=calls, base=base)
