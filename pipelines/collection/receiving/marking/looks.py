"""The looks of a workbook (styles part, ECMA-376 part 1, 18.8): new fills and fonts for cells that are marked."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from pipelines.collection.receiving.marking.parts import MAIN, NotPlain, element

_SHARED = ("numFmtId", "borderId", "xfId")
_FONT = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)
"""How Excel orders what is said of a font."""


@dataclass(slots=True)
class Looks:
    """The looks that cells point to by number. root: of the styles part, changed when looks are added."""

    root: Any
    _made: dict[tuple[object, ...], int] = field(default_factory=dict)

    def filled(self, look: int, colour: str) -> int:
        """Return a look like another, filled with a colour (ARGB)."""
        key = ("filled", look, colour)
        if key not in self._made:
            known = self._list("cellXfs")
            if not 0 <= look < len(known):
                raise NotPlain(f"no look {look}")
            new = deepcopy(known[look])
            new.set("fillId", str(self._fill(colour)))
            new.set("applyFill", "1")
            self._made[key] = _add(known, new)
        return self._made[key]

    def plain(
        self, *, font: tuple[tuple[str, str], ...] = (), colour: str = "", align: tuple[tuple[str, str], ...] = ()
    ) -> int:
        """Return a look of its own. font: elements of the font with their `val` or rgb; align: attributes."""
        key = ("plain", font, colour, align)
        if key not in self._made:
            new = element(MAIN, "xf", **dict.fromkeys(_SHARED, "0"))
            new.set("fontId", str(self._font(font)) if font else "0")
            new.set("fillId", str(self._fill(colour)) if colour else "0")
            new.set("applyFont", "1")
            new.set("applyFill", "1")
            new.set("applyAlignment", "1")
            new.append(element(MAIN, "alignment", **dict(align)))
            self._made[key] = _add(self._list("cellXfs"), new)
        return self._made[key]

    def _fill(self, colour: str) -> int:
        key = ("fill", colour)
        if key not in self._made:
            pattern = element(MAIN, "patternFill", patternType="solid")
            pattern.append(element(MAIN, "fgColor", rgb=colour))
            pattern.append(element(MAIN, "bgColor", rgb=colour))
            fill = element(MAIN, "fill")
            fill.append(pattern)
            self._made[key] = _add(self._list("fills"), fill)
        return self._made[key]

    def _font(self, said: tuple[tuple[str, str], ...]) -> int:
        """Return the first font of the workbook, that is its usual one, with some things said otherwise."""
        key = ("font", said)
        if key not in self._made:
            fonts = self._list("fonts")
            usual = {each.tag.rpartition("}")[2]: each for each in deepcopy(fonts[0])} if len(fonts) else {}
            for name, value in said:
                usual[name] = element(MAIN, name, **({"rgb": value} if name == "color" else {"val": value}))
            font = element(MAIN, "font")
            for name in _FONT:
                if name in usual:
                    font.append(usual[name])
            self._made[key] = _add(fonts, font)
        return self._made[key]

    def _list(self, name: str) -> Any:
        found = self.root.find(f"{{{MAIN}}}{name}")
        if found is None:
            raise NotPlain(f"looks without {name}")
        return found


def _add(listed: Any, new: Any) -> int:
    listed.append(new)
    listed.set("count", str(len(listed)))
    return len(listed) - 1
