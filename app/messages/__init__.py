"""Messages to people: what is told to whom, by which way, and the sending of it until it is done."""
