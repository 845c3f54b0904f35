"""Password hashes that cost a test nothing: as the product reads them, with the least work that Argon2 allows."""

from functools import cache

from argon2 import PasswordHasher

_LEAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def light_hash(password: str) -> str:
    """A hash whose making and checking take no time; the product's own takes a quarter of a second each."""
    return _LEAST.hash(password)
