"""What is drawn of an incident for papers and for files that are read without a server."""
