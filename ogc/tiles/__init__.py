"""Tiles of layers: the matrix sets they are cut by, how they are drawn, encoded and kept."""
