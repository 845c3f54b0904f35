"""CAS numbers: their form and check digit."""

import re

FORM = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")


def is_cas(text: str) -> bool:
    """The text is a CAS number with the right last digit: the sum of the others by their place from the right, mod 10.

    >>> is_cas("7782-50-5"), is_cas("7782-50-6"), is_cas("7782505")
    (True, False, False)
    """
    if not FORM.fullmatch(text):
        return False
    digits = text.replace("-", "")
    return sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), 1)) % 10 == int(digits[-1])
