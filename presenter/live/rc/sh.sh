# Read by the interactive sh of a demo (dash, ash, ksh) through ENV, which is then the speaker's again.
@RESTORE@
[ -z "${ENV-}" ] || [ ! -r "$ENV" ] || . "$ENV"

__presenter_folder=@FOLDER@

__presenter_mark() {
  IFS= \read -r __presenter_nonce <"$__presenter_folder/nonce"
  \printf '\033]133;%s;%s\007' "$1" "$__presenter_nonce"
  \unset __presenter_nonce
}

# Before a scripted command. The status stays what it was, but not so that it would end a shell under
# `set -e`.
__presenter_take() {
  __presenter_status=$?
  [ -z "${__presenter_e-}" ] || \set -e
  __presenter_e=
  __presenter_command=$(@CAT@ "$__presenter_folder/command")
  __presenter_mark C >/dev/tty
  case $- in *e*) \return 0 ;; esac
  \return "$__presenter_status"
}

# After it: whatever was read or set, the prompt is ours.
__presenter_arm() {
  __presenter_status=$?
  PS1='$({ __presenter_prompt "$?";} 2>/dev/null)'
  PS2='> '
  case $-:$__presenter_status in *e*:0) ;; *e*) __presenter_e=1 && \set +e ;; esac
  \return "$__presenter_status"
}

__presenter_report() {
  \printf '%s\0' "$PWD"
  while IFS= \read -r __presenter_name; do
    \eval "[ -z \"\${$__presenter_name+x}\" ] ||
      \printf '%s=%s\\0' \"\$__presenter_name\" \"\${$__presenter_name}\""
  done <"$__presenter_folder/names"
  \printf '\0'
  @ENV@
}

# All of a prompt, in a subshell: the end of the command, the state, and the prompt's text.
__presenter_prompt() {
  \set +eux
  __presenter_mark "D;$1"
  __presenter_report >"$__presenter_folder/state.new"
  @MV@ "$__presenter_folder/state.new" "$__presenter_folder/state"
  __presenter_mark A
  \printf '\033]133;P\007'
  @CAT@ "$__presenter_folder/prompt"
  \printf '\033]133;B\007'
} 2>/dev/null

\unset HISTFILE TMOUT
if [ -n "${BASH_VERSION-}" ]; then
  set +H
  # bash would set this mode before its prompt, which is where the command ends
  bind 'set enable-bracketed-paste off'
fi 2>/dev/null
\true
__presenter_arm
