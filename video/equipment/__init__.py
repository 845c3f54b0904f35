"""Protective equipment of people: hard hats and vests, told by a small classifier that a site trains from its
own stills.
"""
