"""Live rows in hand, as every engine finds them: plain columns with what archiving them needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from layers.layer import Layer
from store.columns import Plain
from store.rows import Row, row_from_plain


@dataclass(frozen=True, slots=True)
class Present:
    """Live rows as kept, with what archiving them needs; `fids` are the engine's own numbers of them."""

    fids: list[int]
    keys: list[str]
    plain: Plain
    versions: list[int]
    seqs: list[int]
    hashes: list[str]

    def __len__(self) -> int:
        return len(self.keys)

    def only(self, places: Sequence[int]) -> "Present":
        """Some of them."""
        return Present(
            [self.fids[i] for i in places],
            [self.keys[i] for i in places],
            {name: [values[i] for i in places] for name, values in self.plain.items()},
            [self.versions[i] for i in places],
            [self.seqs[i] for i in places],
            [self.hashes[i] for i in places],
        )

    def row(self, layer: Layer, place: int) -> Row:
        """One of them with typed values."""
        return row_from_plain(layer, {name: values[place] for name, values in self.plain.items()})
