"""Recordings: asciicast files, their time, their steps, their provenance."""
