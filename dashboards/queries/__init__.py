"""What the screens ask of the store: pure functions of store, scope and selection, answering Arrow tables or plain values."""
