"""What other programs are asked, each in an environment of its own: problems as JSON in, answers and seconds out.

These files are run by the peer's interpreter, never imported here.
"""
