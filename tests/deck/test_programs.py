"""Which programs a command names for sure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presenter.deck.programs import defined, programs


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("kubectl get po | grep x && jq . ; curl y", "kubectl grep jq curl"),
        ("A=1 B=2 sudo kubectl x", "kubectl"),
        ("sudo -n jq .", ""),
        ("time istioctl version", "istioctl"),
        ("cat <<EOF | tee x\nfoo bar\nEOF\nls", "cat tee ls"),
        ("cat <<-'E'\n\tfoo\n\tE\nls <<<'x'\nwc", "cat ls wc"),
        ("for i in 1 2; do sleep 1; done", "sleep"),
        ("if true; then helm x; else foo; fi", "helm foo"),
        ("case $x in a) foo;; b) bar;; esac", ""),
        ("x=(a b c)\n((i++))\necho ${x:-y} {1..3} 2>&1 >out &>more", ""),
        ("export A=$(minikube ip):$(kubectl get x)", "minikube kubectl"),
        ("diff <(sort a) <(uniq b)", "diff"),
        ("echo \"$(ls)\" 'a; b' # foo; bar", ""),
        ("./run.sh && /bin/ls && ~/x && $TOOL y", ""),
        ("f() { jq; }; f", "f"),
        ("kubectl \\\n  get po", "kubectl"),
        ("[ -f x ] || touch x; [[ a ]] && : && . ./env", "touch"),
        ("git log | less &", "git less"),
        ("echo 'open", ""),
        ("", ""),
    ],
)
def test_programs_stand_where_a_shell_looks_for_them(command: str, expected: str) -> None:
    assert programs(command) == tuple(expected.split())


def test_what_a_command_defines_is_no_program() -> None:
    assert defined("f() { ls; }; function g { :; }\nalias k=kubectl") == {"f", "g", "k"}
    assert defined("kubectl get po") == frozenset()


@given(st.text("ab $(){}<>|&;'\"\\\n#=-/", max_size=80) | st.text(max_size=80))
def test_nothing_that_is_typed_breaks_it(command: str) -> None:
    bare = command.translate(str.maketrans("", "", "\\\"'\n"))  # quoting is no part of a name
    assert all(name in command or name in bare for name in programs(command))
    assert all(name.isprintable() for name in programs(command))
    assert all(isinstance(name, str) for name in defined(command))
