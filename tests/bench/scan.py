"""How long a deck takes to open: 50 slides against 1,000, and how long one slide takes to read.

    python -m tests.bench.scan

Prints CPU milliseconds, the best of several runs, and the ratio of the two scans.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from presenter.deck.deck import open_deck

RUNS = 9

SLIDE = """# Slide {n}: shifting traffic in the mesh

- Istio sends **{n}%** of the requests to `reviews:v2`
- The sidecar _takes_ every call, see [the docs](https://istio.io)
- Retries, timeouts and circuit breaking need no code
    - nested point {n}
    - another nested point

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews-{n}
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {{host: reviews, subset: v1}}
      weight: {n}
    - destination: {{host: reviews, subset: v2}}
      weight: {n}
```

| version | weight | errors |
| ------- | ------ | ------ |
| v1      | {n}    | 0.{n}  |
| v2      | {n}    | 1.{n}  |

```console +demo:pods-{n}
$ kubectl get pods -n istio-system
NAME                           READY STATUS
istio-pilot-657cb5ddf7-8dsr7   2/2   Running
```

<!-- notes: say what slide {n} is for -->
"""


def write_deck(folder: Path, slides: int) -> Path:
    """A deck of the kind that the figures of other tools were measured with."""
    path = folder / f"deck-{slides}.md"
    path.write_text("\n---\n\n".join(SLIDE.format(n=n) for n in range(1, slides + 1)))
    return path


def best(action: Callable[[], object]) -> float:
    """The least CPU time of several runs, in milliseconds."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
    return min(times) * 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        small = write_deck(Path(name), 50)
        large = write_deck(Path(name), 1000)
        few, many = best(lambda: open_deck(small)), best(lambda: open_deck(large))
        deck = open_deck(large)
        deck.slide(0)  # imports the parser
        start = time.process_time()
        for index in range(1, 201):
            deck.slide(index)
        each = (time.process_time() - start) * 1000 / 200
        size = large.stat().st_size
    print(f"open     50 slides  {few:7.2f} ms")
    print(f"open   1000 slides  {many:7.2f} ms  ({size / 1000:.0f} kB, +{many - few:.2f} ms)")
    print(f"ratio               {many / few:7.2f}")
    print(f"read     one slide  {each:7.2f} ms")


if __name__ == "__main__":
    main()
