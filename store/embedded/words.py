"""The search index beside the rows: FTS5 without content, one column a sensitivity, numbered layer by layer."""

import sqlite3

import orjson
import pyarrow.compute as pc

from core.scope import Scope
from layers.fields import Kind
from layers.layer import Catalogue, Geometry, Layer
from store.columns import Plain
from store.compile import Sql, quoted, scope_clause
from store.embedded.dialect import LAYER_BITS, SqliteDialect
from store.protocol import Hit
from store.tokens import Words, found_in, texts_of, wanted, words_of

RANKED = 20_000
"""Of a word that is everywhere, so many rows a layer are ranked."""


def first_word(number: int, fid: int) -> int:
    """The index's number of a row."""
    return (number << LAYER_BITS) | fid


def add_words(db: sqlite3.Connection, layer: Layer, number: int, fid: int, plain: Plain) -> None:
    """Index rows numbered on from `fid`."""
    if layer.search:
        write_words(db, first_word(number, fid), words_of(layer, plain))


def write_words(db: sqlite3.Connection, start: int, words: Words) -> None:
    """Index words in one statement, during which other threads run."""
    db.execute(
        "INSERT INTO om_words (rowid, t0, t1, t2, t3) SELECT key + ?, json_extract(value, '$[0]'),"
        " json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]') FROM json_each(?)",
        (start, _as_json(words)),
    )


def _as_json(words: Words) -> str:
    """A list of four texts for each row; words have nothing in them that JSON spells in another way."""
    quoted_texts = [part for column in words for part in (column, '","')][:-1]
    rows = pc.binary_join_element_wise('["', *quoted_texts, '"]', "")
    return "[" + ",".join(rows.to_pylist()) + "]"


def index_anew(db: sqlite3.Connection, catalogue: Catalogue, numbers: dict[str, int]) -> None:
    """Forget every word and index every present row again."""
    db.execute("INSERT INTO om_words (om_words) VALUES ('delete-all')")
    for layer in catalogue:
        last = 0
        names = ", ".join(["fid", *(quoted(name) for name in layer.fields)])
        text = f"SELECT {names} FROM {quoted(layer.id)} WHERE fid > ? ORDER BY fid LIMIT {RANKED}"
        while layer.search and (rows := db.execute(text, (last,)).fetchall()):
            fids, *columns = (list(column) for column in zip(*rows, strict=True))
            plain = {
                name: [None if v is None else orjson.loads(v) for v in column] if spec.kind is Kind.LIST else column
                for (name, spec), column in zip(layer.fields.items(), columns, strict=True)
            }
            words = zip(*(column.to_pylist() for column in words_of(layer, plain)), strict=True)
            db.executemany(
                "INSERT INTO om_words (rowid, t0, t1, t2, t3) VALUES (?, ?, ?, ?, ?)",
                [(first_word(numbers[layer.id], fid), *texts) for fid, texts in zip(fids, words, strict=True)],
            )
            last = fids[-1]


def remove_words(db: sqlite3.Connection, layer: Layer, number: int, fids: list[int], plain: Plain) -> None:
    """Forget rows; an index without content must be told the words it is to forget."""
    if layer.search:
        rows = zip(*(column.to_pylist() for column in words_of(layer, plain)), strict=True)
        db.executemany(
            "INSERT INTO om_words (om_words, rowid, t0, t1, t2, t3) VALUES ('delete', ?, ?, ?, ?, ?)",
            [(first_word(number, fid), *words) for fid, words in zip(fids, rows, strict=True)],
        )


def search(
    db: sqlite3.Connection,
    catalogue: Catalogue,
    numbers: dict[str, int],
    text: str,
    scope: Scope,
    layers: frozenset[str] | None,
    limit: int,
) -> tuple[Hit, ...]:
    """Best matches first; what a caller may not read can neither be found nor counted."""
    exact, prefixes = wanted(text)
    if not exact and not prefixes:
        return ()
    columns = " ".join(f"t{level}" for level in range(int(scope.clearance) + 1))
    terms = [f'"{token}"' for token in exact] + [f'"{token}"*' for token in prefixes]
    match = f"{{{columns}}} : ({' AND '.join(terms)})"
    hits: list[Hit] = []
    for layer in catalogue.seen_by(scope):
        if layer.search and (layers is None or layer.id in layers):
            hits += _hits(db, layer, numbers[layer.id], match, scope, (exact, prefixes), limit)
    return tuple(sorted(hits, key=lambda hit: -hit.score)[:limit])


def _hits(
    db: sqlite3.Connection,
    layer: Layer,
    number: int,
    match: str,
    scope: Scope,
    asked: tuple[list[str], list[str]],
    limit: int,
) -> list[Hit]:
    seen = layer.fields_in(scope)
    shown = [name for name in layer.search if name in seen]
    label = layer.label if layer.label in seen else layer.key
    place = "_mx, _my" if layer.masked(scope) else "_x, _y" if layer.geometry is not Geometry.NONE else "NULL, NULL"
    sql = Sql(SqliteDialect(db))
    start = first_word(number, 0)
    columns = ", ".join(quoted(name) for name in (layer.key, label or layer.key, *shown))
    sql.params += [match, start, start + (1 << LAYER_BITS)]
    own = ""
    if layer.narrowed_by(scope) is not None:
        # Else rows of others use up those ranked. The plus: asked of the index one by one, thousands take minutes.
        sql.params.append(start)
        own = f" AND +rowid IN (SELECT fid + ? FROM {quoted(layer.id)} WHERE {scope_clause(sql, layer, scope)})"
    sql.params += [RANKED, start]
    cursor = db.execute(
        "WITH matched AS MATERIALIZED (SELECT rowid AS _number, bm25(om_words) AS _score FROM om_words"
        f" WHERE om_words MATCH ? AND rowid BETWEEN ? AND ?{own} LIMIT ?)"
        f" SELECT -_score, {place}, {columns} FROM matched CROSS JOIN {quoted(layer.id)} ON fid = _number - ?"
        f" WHERE {scope_clause(sql, layer, scope)} ORDER BY _score",
        sql.params,
    )
    hits: list[Hit] = []
    for score, lon, lat, key, name, *values in cursor:
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
