"""The look as CSS custom properties, made from the design tokens so that map, legend and screens never drift apart."""

import json
from pathlib import Path
from typing import Any

Tokens = dict[str, Any]

_RISK = {"red": "r", "orange": "o", "yellow": "y", "blue": "b"}
_SURFACES = {"bg": "bg", "panel": "panel", "raise": "raise", "header": "header", "line": "line", "lineStrong": "line2"}


def _room(colours: Tokens, side: str, tokens: Tokens) -> dict[str, str]:
    surface, text, action = colours["surface"], colours["text"], colours["action"]
    values = {name: surface[key] for key, name in _SURFACES.items() if key in surface}
    values |= {f"t{n}": text[key]["value"] for n, key in enumerate(("primary", "secondary", "tertiary"), start=1)}
    values |= {"acc": action["accent"]["value"], "acc-ink": action["onAccent"]["value"]}
    values["selected"] = surface["selectedRow"]
    for level, letter in _RISK.items():
        values[letter] = tokens["risk"][level][side]["text"]
        values[f"{letter}f"] = tokens["risk"][level][side]["fill"]
        values[f"{letter}e"] = tokens["risk"][level][side].get("edge") or "transparent"
    place = tokens["color"]["map"][side]
    values |= {f"map-{name.lower()}": value for name, value in place.items()}
    return values


def _block(selector: str, values: dict[str, str]) -> str:
    return selector + " {\n" + "".join(f"  --{name}: {value};\n" for name, value in values.items()) + "}\n"


def css(tokens: Tokens) -> str:
    """Custom properties of both rooms: night (hall, duty desk) and day (office)."""
    dark, light = tokens["color"]["darkHall"], tokens["color"]["lightOffice"]
    shared = {
        "r-chip": f"{tokens['radius']['chip']}px",
        "r-control": f"{tokens['radius']['control']}px",
        "r-panel": f"{tokens['radius']['panel']}px",
        "r-card": f"{tokens['radius']['phoneCard']}px",
        "stale-bar": dark["surface"]["staleBar"],
        "on-stale-bar": dark["onStaleBar"]["value"],
        "incident-bar": dark["surface"]["incidentBar"],
        "resource": tokens["color"]["symbol"]["resource"],
        "target": tokens["color"]["symbol"]["target"],
        "font": ",".join(f'"{name}"' if " " in name else name for name in tokens["font"]["family"]),
    }
    shared |= {f"wall-{name.lower()}": f"{size}px" for name, size in tokens["type"]["wall"].items() if name[0] != "l"}
    night = _room(dark, "dark", tokens)
    day = {**_room(light, "light", tokens), "header": light["surface"]["panel"]}
    note = "/* Written by `python -m dashboards.theme TOKENS OUT` from the design tokens; do not edit. */\n"
    return note + _block(":root", shared) + _block('[data-theme="night"]', night) + _block('[data-theme="day"]', day)


def write(tokens: Path, target: Path) -> None:
    """Write the stylesheet beside the other assets."""
    target.write_text(css(json.loads(tokens.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    import sys

    write(Path(sys.argv[1]), Path(sys.argv[2]))
