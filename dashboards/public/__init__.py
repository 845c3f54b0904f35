"""The public face: what anybody may read without an account, and nothing that is not declared public."""
