"""Long work: declared as kinds, run by a process of its own, asked for and followed through the door."""
