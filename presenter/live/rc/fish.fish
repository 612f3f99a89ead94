# Read by the interactive fish of a demo after the speaker's own files.
set -g __presenter_folder @FOLDER@

# A mark with the nonce of the moment: C, A, or D with a status.
function __presenter_mark
    read -l nonce <$__presenter_folder/nonce
    printf '\e]133;%s;%s\a' $argv[1] "$nonce" >/dev/tty
end

function __presenter_begin --on-event fish_preexec
    __presenter_mark C
end

function __presenter_end --on-event fish_postexec
    __presenter_mark "D;$status"
end

# The directory, the variables asked for, and what is exported.
function __presenter_report
    printf '%s\0' $PWD
    while read -l name
        set -q $name; and printf '%s=%s\0' $name "$$name"
    end <$__presenter_folder/names
    printf '\0'
    @ENV@
end

# Before each prompt, after the speaker's hooks.
function __presenter_last --on-event fish_prompt
    set -l was $status
    __presenter_report >$__presenter_folder/state.new
    @MV@ $__presenter_folder/state.new $__presenter_folder/state
    __presenter_arm
    __presenter_mark "D;$was"
    __presenter_mark A
end

# The prompt is ours, whatever was read meanwhile.
function __presenter_arm
    function fish_prompt
        printf '\e]133;P\a'
        @CAT@ $__presenter_folder/prompt
        printf '\e]133;B\a'
    end
    function fish_right_prompt
    end
    function fish_mode_prompt
    end
    function fish_greeting
    end
    function fish_title
    end
end

# A line that fish finds fault with is not executed; given to eval, it is, and says why.
function __presenter_run
    if @FISH@ --no-execute $__presenter_folder/command 2>/dev/null
        commandline -r -- (@CAT@ $__presenter_folder/command | string collect)
    else
        commandline -r -- ' eval (@CAT@ $__presenter_folder/command | string collect)'
    end
    commandline -f execute
end
function __presenter_redraw
    commandline -r ''
    commandline -f execute
end
for mode in default insert visual
    bind -M $mode \cxpr __presenter_run
    bind -M $mode \cxpf __presenter_redraw
end

__presenter_arm
set -g fish_autosuggestion_enabled 0
set -g fish_history ''
set -e TMOUT
true
