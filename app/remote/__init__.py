"""Layers of other bodies on our map: fetched by the server from allowed hosts, kept a while, marked when old."""
