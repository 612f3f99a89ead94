# The interactive zsh of a demo finds its files in our folder; here the speaker's .zshenv is read.
@RESTORE@
[[ ! -r "${ZDOTDIR:-$HOME}/.zshenv" ]] || source "${ZDOTDIR:-$HOME}/.zshenv"
typeset -g __presenter_zdotdir=${ZDOTDIR-} __presenter_zdotdir_set=${+ZDOTDIR}
ZDOTDIR=@FOLDER@
