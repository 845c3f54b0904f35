"""Pure spatial work: value types, datums, measures, grids. No files, no databases."""
