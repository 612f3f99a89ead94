"""No step of a talk, and no probe, meets another cluster than the talk's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.smalltalk import demo, run, small
from tests.e2e.test_live_talk import Way, ways_of
from tests.live.probe_stubs import Page, kubeconfig, serving


def _count(path: Path) -> int:
    return path.read_text().count("ran") if path.exists() else 0


@pytest.mark.parametrize("named", [True, False], ids=["named", "current"])
def test_a_step_does_not_run_where_the_cluster_is_another_one(named: bool, tmp_path: Path) -> None:
    needs = "+needs:cluster" if named else ""
    front = "needs: {cluster: {kubernetes: {context: minikube}}}" if named else ""
    command = "kubectl() { echo ran >>$T/count; echo live; }; kubectl get pods"
    slides = [demo(name, f"$ {command}", "recorded", fence=needs) for name in ("one", "two")]
    with serving({"/readyz": Page()}) as right, serving({"/readyz": Page()}) as wrong:
        folder = tmp_path / "home" / ".kube"
        folder.mkdir(parents=True)
        config = kubeconfig(folder / "config", right.address)
        with small(tmp_path, *slides, front=front) as talk:
            talk.console.wait(lambda: bool(right.requests), "the first question")
            run(talk)
            assert ways_of(talk)["one", 0] == Way("live", "", "", "", "", "live", "", "ran")
            talk.press()
            talk.type_step()
            kubeconfig(config, wrong.address, current="minikube" if named else "other")
            talk.run_step()
            talk.console.wait_text("│recorded")
            way = ways_of(talk)["two", 0]
            assert (way.ended, way.reason, way.outcome) == ("transcript", "condition", "replayed")
            talk.leave()
        assert wrong.requests == []
    assert _count(tmp_path / "count") == 1
