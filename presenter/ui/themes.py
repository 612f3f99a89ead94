"""Our themes as Textual's, for the dialogs over the stage."""

from __future__ import annotations

from textual.theme import Theme as TextualTheme

from presenter.layout.theme import Theme


def textual_theme(theme: Theme) -> TextualTheme:
    """A Textual theme in the colours of `theme`, by the same name with a prefix of ours."""
    return TextualTheme(
        name=f"presenter-{theme.name}",
        primary=theme.accent,
        secondary=theme.title,
        warning=theme.warn,
        error=theme.error,
        success=theme.ok,
        accent=theme.accent,
        foreground=theme.text,
        background=theme.page,
        surface=theme.panel,
        panel=theme.panel,
        dark=theme.name != "light",
        variables={
            "foreground-muted": theme.muted,
            "text-muted": theme.muted,
            "input-cursor-background": theme.text,
            "input-cursor-foreground": theme.page,
            "border": theme.accent,
            "block-cursor-background": theme.accent,
            "block-cursor-foreground": theme.page,
            "scrollbar": theme.border,
            "scrollbar-background": theme.panel,
        },
    )
