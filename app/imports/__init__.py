"""From a delivered file to the city: `tables` keeps rows, `rasters` keeps coverages, `telling` says what was done."""
