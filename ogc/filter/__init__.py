"""Filter languages to the one filter value: CQL2 text, CQL2 JSON and FES 2.0."""
