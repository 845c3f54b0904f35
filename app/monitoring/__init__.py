"""Where live monitoring meets the network and the clock: servers that devices reach, wired to the inbox."""
