"""Keep: the only room that opens a database. Rows, versions and the change feed in one transaction."""
