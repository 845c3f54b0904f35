"""Services of other bodies: their capabilities read, and the addresses of their tiles and features."""
