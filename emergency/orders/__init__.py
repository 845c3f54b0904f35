"""Orders: what may become of one, step by step."""
