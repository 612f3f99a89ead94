"""The only package that knows all parts: settings and a deck become a talk, a picture, a player."""
