"""Demos: the hub, the sources that feed it, the screens that it feeds, the runtime of a talk."""
