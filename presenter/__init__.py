"""A terminal presenter for live talks: slides, notes and demos that never stop the show."""

__version__ = "0.1.0"
