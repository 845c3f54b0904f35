"""CAP messages of warnings handed to other systems and people by area: once each, until taken, with receipts."""
