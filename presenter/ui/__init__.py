"""The Textual application: it shows frames of `layout` and turns keys into commands of `talk`."""
