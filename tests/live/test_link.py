"""Servers that are killed and frozen, and links that lose what is sent, as heartbeats see them."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from presenter.talk.fallback import Fault
from presenter.talk.health import Standing, Waiting
from tests.faults.servers import link, server
from tests.live.test_probe_watch import watching
from tests.live.test_probes import until


@pytest.mark.parametrize(
    ("number", "fault"), [(signal.SIGKILL, Fault.REFUSED), (signal.SIGSTOP, Fault.SILENT)]
)
async def test_a_server_that_is_gone_is_down_for_what_it_is(
    number: int, fault: Fault, tmp_path: Path
) -> None:
    with server() as it:
        async with watching(tmp_path, page={"http": f"{it.address}/"}) as heard:
            await until(heard.stands("page", Standing.UP))
            it.signal(number)
            await until(heard.stands("page", Standing.DOWN))
            assert heard.endpoints["page"].fault is fault


async def test_a_link_that_loses_all_for_a_while_is_not_down_and_one_for_good_is(
    tmp_path: Path,
) -> None:
    with link() as cable:
        if cable is None:
            pytest.skip("no network namespaces here")
        with server(cable.host, cable.wrap) as it:
            async with watching(tmp_path, page={"http": f"{it.address}/"}) as heard:
                await until(heard.stands("page", Standing.UP))
                cable.lose()
                waiting = heard.count(Waiting)
                await until(lambda: heard.count(Waiting) >= waiting + 6)
                cable.find()
                await until(heard.stands("page", Standing.UP))
                cable.lose()
                await until(heard.stands("page", Standing.DOWN))
                assert heard.endpoints["page"].fault is Fault.SILENT
                cable.find()
                await until(lambda: heard.endpoints["page"].good > 2)
                assert heard.endpoints["page"].standing is Standing.DOWN
