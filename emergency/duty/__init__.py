"""The duty desk: calls, the phone book, shifts and hand-overs. Pure rules beside services over the store."""
