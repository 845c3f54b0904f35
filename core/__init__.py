"""Names everything else is built from: texts, errors, units, time, ids, scope. A closed list of files."""
