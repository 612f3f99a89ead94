"""The application, driven by pilots."""
