"""Arrow rows to what travels: GeoJSON and GML 3.2, column by column, batch by batch."""
