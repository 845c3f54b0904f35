"""Full-text search over words of our own making, kept beside the rows: a tsvector for each sensitivity and script."""

from collections.abc import Mapping
from typing import Any

from core.scope import Scope, Sensitivity
from layers.layer import Catalogue, Geometry, Layer
from store.compile import Sql, quoted, scope_clause
from store.postgis.connections import Connection
from store.postgis.layout import Script, word_column, word_levels
from store.postgis.lexemes import LONGEST_WORD
from store.postgis.reading import compiler
from store.protocol import Hit
from store.tokens import found_in, of_han, texts_of, wanted

FEW = 5
"""So many times the answers wanted are fetched first: seldom is one of them not what was asked for."""
RANKED = 20_000
"""Of a word that is everywhere, so many rows a layer are ranked."""


def search(
    db: Connection, catalogue: Catalogue, text: str, scope: Scope, layers: frozenset[str] | None, limit: int
) -> tuple[Hit, ...]:
    """Best matches first; what a caller may not read can neither be found nor counted."""
    asked = wanted(text)
    words = [*asked[0], *asked[1]]
    if not words or any(len(word) > LONGEST_WORD for word in words):
        return ()
    hits: list[Hit] = []
    for layer in catalogue.seen_by(scope):
        if layer.search and (layers is None or layer.id in layers):
            hits += _hits(db, layer, scope, asked, limit)
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:limit])


def _hits(db: Connection, layer: Layer, scope: Scope, asked: tuple[list[str], list[str]], limit: int) -> list[Hit]:
    levels = [level for level in word_levels(layer) if level <= scope.clearance]
    if not levels:
        return []
    seen = layer.fields_in(scope)
    shown = [name for name in layer.search if name in seen]
    label = layer.label if layer.label in seen else layer.key
    geom = "_mask" if layer.masked(scope) else "geom"
    place = f"(ST_XMin({geom}) + ST_XMax({geom})) / 2, (ST_YMin({geom}) + ST_YMax({geom})) / 2"
    if layer.geometry is Geometry.NONE:
        place = "NULL::float8, NULL::float8"
    columns = ", ".join(quoted(name) for name in (layer.key, label or layer.key, *shown))
    sql = compiler()
    questions: dict[Script, list[str]] = {}
    for word in (*asked[0], *(f"{word}:*" for word in asked[1])):
        questions.setdefault(Script.HAN if of_han(word) else Script.WORD, []).append(word)
    rank = " + ".join(
        f"ts_rank({word_column(script, level)}, {sql.bind(' | '.join(words))}::tsquery)"
        for script, words in questions.items()
        for level in levels
    )
    clause = " AND ".join([*_everywhere(sql, levels, questions), scope_clause(sql, layer, scope)])
    text = (
        f"SELECT _score, {place}, {columns} FROM (SELECT *, {rank} AS _score FROM {quoted(layer.id)}"
        f" WHERE {clause} LIMIT {RANKED}) AS matched ORDER BY _score DESC, {quoted(layer.key)}"
    )
    for most in (limit * FEW, RANKED):
        rows: list[tuple[Any, ...]] = db.execute(f"{text} LIMIT {most}".encode(), sql.params).fetchall()
        hits = _found(layer, rows, asked, limit)
        if len(hits) == limit or len(rows) < most:
            break
    return hits


def _found(layer: Layer, rows: list[tuple[Any, ...]], asked: tuple[list[str], list[str]], limit: int) -> list[Hit]:
    """The first rows in whose own fields all words are."""
    hits: list[Hit] = []
    for score, lon, lat, key, name, *values in rows:
        texts = [part for value in values for part in texts_of(value)]
        if not found_in(texts, *asked):
            continue
        snippet = " · ".join(part for part in texts if part not in ("", name))[:120]
        hits.append(
            Hit(layer=layer.id, key=key, label=str(name or key), snippet=snippet, score=score, lon=lon, lat=lat)
        )
        if len(hits) == limit:
            break
    return hits


def _everywhere(sql: Sql, levels: list[Sensitivity], questions: Mapping[Script, list[str]]) -> list[str]:
    """Each word in one of the columns the caller may read."""
    return [
        "(" + " OR ".join(f"{word_column(script, level)} @@ {sql.bind(word)}::tsquery" for level in levels) + ")"
        for script, words in questions.items()
        for word in words
    ]
