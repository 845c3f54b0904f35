"""Who is at the door: passwords, sessions, keys, and the scope each of them opens."""
