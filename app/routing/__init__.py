"""Routes for somebody: the roads of the store as a graph, what is asked, what a scenario's zones keep closed."""
