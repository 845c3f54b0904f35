"""Pages: the hall and the map."""
