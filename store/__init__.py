"""Keep: the only room that opens a database. Rows, versions and the change feed in one transaction.

A back end is a folder that implements `protocol.Store` with the engine-neutral parts: `schema` (columns from
declarations), `compile` (filters, scopes and orders to SQL by a small `Dialect` seam), `columns` (Arrow to plain
values, canonical bodies, hashes), `rows` (one record), `geometries`, `rights`, `entries`, `chain`, `tokens`.
`embedded/` keeps a GeoPackage. docs/subsystems/store.md says how a back end is plugged in.
"""
