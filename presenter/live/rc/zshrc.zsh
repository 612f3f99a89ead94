# The speaker's .zshrc, with their own ZDOTDIR, and then ours.
if (( __presenter_zdotdir_set )); then ZDOTDIR=$__presenter_zdotdir; else unset ZDOTDIR; fi
unset __presenter_zdotdir __presenter_zdotdir_set
typeset -g _ZSH_AUTOSUGGEST_DISABLED=1
[[ ! -r "${ZDOTDIR:-$HOME}/.zshrc" ]] || source "${ZDOTDIR:-$HOME}/.zshrc"
zmodload zsh/parameter

# What our functions say, no alias may change.
typeset -g __presenter_aliases=$options[aliases]
unsetopt ALIASES

typeset -g __presenter_folder=@FOLDER@
# A mark with the nonce of the moment: C, A, or D with a status.
__presenter_mark() {
  local nonce=
  IFS= builtin read -r nonce <$__presenter_folder/nonce || :
  builtin printf '\033]133;%s;%s\007' "$1" "$nonce" >$TTY || :
}

# Before the speaker's hooks: the command ended.
__presenter_first() {
  {
    local was=$?
    emulate -L zsh
    setopt unset noxtrace noerrexit noerrreturn
    __presenter_mark "D;$was"
  } 2>/dev/null
}

# The directory, the variables asked for, and what is exported.
__presenter_report() {
  local name
  builtin printf '%s\0' "$PWD"
  while IFS= builtin read -r name; do
    (( ! ${(P)+name} )) || builtin printf '%s=%s\0' "$name" "${(P)name}"
  done <$__presenter_folder/names
  builtin printf '\0'
  @ENV@
}

# After the speaker's hooks: the state is written, the prompt is ours.
__presenter_last() {
  {
    emulate -L zsh
    setopt unset noxtrace noerrexit noerrreturn
    __presenter_report >$__presenter_folder/state.new
    @MV@ $__presenter_folder/state.new $__presenter_folder/state
    local ours=
    IFS= builtin read -r -d '' ours <$__presenter_folder/prompt || :
    typeset -g PS1=$'%{\e]133;P\a%}'"$ours"$'%{\e]133;B\a%}' PS2='> ' RPS1= RPS2=
    __presenter_arm
    __presenter_mark A
  } 2>/dev/null
}

# Last of all, and not local: what a theme or a step has set must not expand our prompt.
__presenter_options() { unsetopt PROMPT_SUBST PROMPT_BANG PROMPT_SP PROMPT_CR; setopt PROMPT_PERCENT }

__presenter_begin() {
  {
    emulate -L zsh
    setopt unset noxtrace noerrexit noerrreturn
    __presenter_mark C
  } 2>/dev/null
}

# Our hooks stand around the speaker's, whatever was added meanwhile.
__presenter_arm() {
  emulate -L zsh
  if (( ${+functions[precmd]} )); then
    functions[__presenter_precmd]=$functions[precmd]
    unfunction precmd
    precmd_functions=(__presenter_precmd ${precmd_functions:#__presenter_precmd})
  fi
  typeset -ga precmd_functions preexec_functions
  precmd_functions=(
    __presenter_first ${precmd_functions:#__presenter_(first|last|options)} __presenter_last
    __presenter_options
  )
  preexec_functions=(${preexec_functions:#__presenter_begin} __presenter_begin)
}

__presenter_read() {
  IFS= builtin read -r -d '' "$1" <$__presenter_folder/$2 || :
}
__presenter_run() { __presenter_read BUFFER command; zle .accept-line }
__presenter_redraw() { BUFFER=; zle .accept-line }

() {
  emulate -L zsh
  local map widget
  for widget in run:r redraw:f; do
    zle -N __presenter_${widget%:*}
    for map in emacs viins vicmd; do
      bindkey -M $map "^Xp${widget#*:}" __presenter_${widget%:*}
    done
  done
}

unsetopt PROMPT_SP PROMPT_CR PROMPT_SUBST PROMPT_BANG BANG_HIST
setopt INTERACTIVE_COMMENTS PROMPT_PERCENT
HISTFILE=$__presenter_folder/history
(( HISTSIZE >= 1000 )) || HISTSIZE=1000
SAVEHIST=$HISTSIZE
unset TMOUT
[[ $__presenter_aliases == off ]] || setopt ALIASES
unset __presenter_aliases
__presenter_arm
