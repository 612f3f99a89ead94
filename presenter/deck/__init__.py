"""Markdown → `Deck`: pure, no screen, no clock, no process."""
