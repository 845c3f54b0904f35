"""What the screens ask of the store: pure functions of store, scope and selection."""
