"""One module for each business system: declarations alone, composed in `app`."""
