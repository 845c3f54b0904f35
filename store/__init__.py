"""Keep: the only room that opens a database. Rows, versions and the change feed in one transaction.

Engine-neutral parts: `schema` (columns from declarations), `compile` (filters, scopes and orders to SQL, with a small
`Dialect` seam), `rows` (record, canonical body, Arrow), `chain` (the hash chain), `tokens` (search words), `query`,
`feed`, `protocol`. A back end is a folder that implements `protocol.Store` with them: `embedded/` keeps a GeoPackage.
"""
