# Read by the interactive bash of a demo, after the speaker's own file. @FOLDER@ is put in, quoted.
[ ! -r ~/.bashrc ] || . ~/.bashrc

# What our functions say, no alias may change.
__presenter_aliases=$(shopt -p expand_aliases)
shopt -u expand_aliases

__presenter_folder=@FOLDER@
__presenter_head='{ __presenter_first "$?"; } 2>/dev/null'
__presenter_tail='{ __presenter_last || :; } 2>/dev/null'

# A mark with the nonce of the moment: C, A, or D with a status.
__presenter_mark() {
  local nonce=
  IFS= builtin read -r nonce <"$__presenter_folder/nonce" || :
  builtin printf '\033]133;%s;%s\007' "$1" "$nonce"
}

# Before a scripted command: its text. The status stays what it was, but not so that it would end a
# shell under `set -e`, as that of `eval "! true"` would.
__presenter_take() {
  local status=$?
  __presenter_command=
  IFS= builtin read -r -d '' __presenter_command <"$__presenter_folder/command" || :
  builtin history -s -- "$__presenter_command" || :
  [ -n "$__presenter_ps0" ] && [ "$PS0" = "$__presenter_ps0" ] || __presenter_mark C >/dev/tty
  case $- in *e*)
    __presenter_command+=$'\n__presenter_status=$?'
    return 0
  ;; esac
  return "$status"
}

# After it, and after the prompt: our hooks stand around the speaker's, whatever was read or set.
__presenter_arm() {
  __presenter_status=${__presenter_status:-$?}
  local hook hooks=()
  for hook in "${PROMPT_COMMAND[@]}"; do
    hook=${hook#"$__presenter_head"$'\n'}
    hook=${hook%$'\n'"$__presenter_tail"}
    [ "$hook" = "$__presenter_head" ] || [ "$hook" = "$__presenter_tail" ] || hooks+=("$hook")
  done
  if [ "${BASH_VERSINFO[0]}" -gt 5 ] || [ "${BASH_VERSINFO[*]:0:1}${BASH_VERSINFO[1]}" -ge 51 ]; then
    PROMPT_COMMAND=("$__presenter_head" "${hooks[@]}" "$__presenter_tail")
  else
    PROMPT_COMMAND=$__presenter_head$'\n'${hooks[0]-}$'\n'$__presenter_tail
  fi
  PS0=$__presenter_ps0
  case $- in *e*) return 0 ;; esac
  return "$__presenter_status"
}

# Before the speaker's hooks: the command ended.
__presenter_first() {
  local status=${__presenter_status:-$1}
  __presenter_status=
  __presenter_mark "D;$status" >/dev/tty || :
  case $- in *e*) return 0 ;; esac
  return "$status"
}

# The directory, the variables asked for, and what is exported.
__presenter_report() {
  local name
  builtin printf '%s\0' "$PWD"
  while IFS= builtin read -r name; do
    [ -z "${!name+x}" ] || builtin printf '%s=%s\0' "$name" "${!name}"
  done <"$__presenter_folder/names"
  builtin printf '\0'
  @ENV@
}

# After the speaker's hooks: the state is written, the prompt is ours.
__presenter_last() {
  __presenter_report >"$__presenter_folder/state.new"
  @MV@ "$__presenter_folder/state.new" "$__presenter_folder/state"
  __presenter_prompt=
  IFS= builtin read -r -d '' __presenter_prompt <"$__presenter_folder/prompt"
  PS1='\[\e]133;P\a\]$__presenter_prompt\[\e]133;B\a\]'
  PS2='> '
  shopt -s promptvars
  unset __presenter_command
  __presenter_arm
  __presenter_status=
  __presenter_mark A >/dev/tty
}

__presenter_keys() {
  local map
  bind 'set enable-bracketed-paste on'
  bind 'set enable-active-region off'
  bind 'set bell-style none'
  for map in emacs vi-insert; do
    bind -m "$map" '"\C-xpk": kill-whole-line'
    bind -m "$map" '"\C-xpr": "\C-xpk { __presenter_take;} 2>/dev/null;eval \"$__presenter_command\";{ __presenter_arm;} 2>/dev/null\C-m"'
    bind -m "$map" '"\C-xpf": "\C-xpk\C-m"'
  done
  bind -m vi-command '"\C-xpr": "S\C-xpr"'
  bind -m vi-command '"\C-xpf": "S\C-xpf"'
} 2>/dev/null

set +H
HISTFILE=$__presenter_folder/history
HISTCONTROL=ignorespace
unset HISTIGNORE TMOUT
__presenter_ps0=
if [ "${BASH_VERSINFO[0]}" -gt 4 ] || [ "${BASH_VERSINFO[0]}${BASH_VERSINFO[1]}" = 44 ]; then
  __presenter_ps0='$({ __presenter_mark C; } 2>/dev/null)'
fi
__presenter_keys
eval "$__presenter_aliases"
unset -f __presenter_keys
unset __presenter_aliases
__presenter_arm
__presenter_status=
