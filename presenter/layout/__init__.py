"""Blocks and a size → lines of styled text; knows themes, knows no Textual."""
