"""Pictures of layers: style sheets written here, drawn by Mapnik in processes of its own."""
