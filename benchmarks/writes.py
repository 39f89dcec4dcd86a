"""How long it takes to write much, and to write little where there is much."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measuring import Cost, Svcnet, best, new_cluster, run

RUNS = 3

SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: svc-{index}
  labels:
    app: app-{index}
spec:
  selector:
    app: app-{index}
  ports:
  - name: http
    port: 80
    targetPort: 8080
"""

READINESS = tuple(
    f'{{"status":{{"conditions":[{{"type":"Ready","status":"{status}"}}]}}}}'
    for status in ("False", "True")
)


def measure_apply(folder: Path) -> None:
    """Many Services in one file."""
    print(f"apply -f, one file of Services, new cluster (best of {RUNS})")
    costs = []
    for number in (1_000, 2_000):
        path = folder / f"{number}.yaml"
        path.write_text("---\n".join(SERVICE.format(index=each) for each in range(number)))

        def applied(attempt: int, number: int = number, path: Path = path) -> Cost:
            return new_cluster(folder / f"apply-{number}-{attempt}.db")("apply", "-f", str(path))

        costs.append(best(RUNS, applied))
        print(f"  {number:,} Services{costs[-1].seconds:>22.3f} s")
    print(f"  2 x Services{costs[1].seconds / costs[0].seconds:>19.2f} x time")


def measure_scale(folder: Path) -> None:
    """Many pods, and one pod among many."""
    print("10,000 pods on 100 nodes (once), and one pod among them")
    large = new_cluster(folder / "large.db", ",".join(f"n{number}" for number in range(1, 101)))
    small = new_cluster(folder / "small.db")
    for svcnet, replicas in ((large, "0"), (small, "30")):
        svcnet("create", "deployment", "web", "--image=nginx", f"--replicas={replicas}")
        svcnet("expose", "deployment", "web", "--port=80")
    cost = large("scale", "deployment", "web", "--replicas=10000")
    print(f"  scale 0 to 10,000 pods{cost.seconds:>12.3f} s{cost.peak:>8.0f} MiB")
    flips = [flipped(each) for each in (small, large)]
    print(f"  readiness of one of 30{flips[0].seconds:>12.3f} s")
    print(f"  readiness of one of 10,000{flips[1].seconds:>8.3f} s", end="")
    print(f"{flips[1].seconds / flips[0].seconds:>8.2f} x that of one of 30")


def flipped(svcnet: Svcnet) -> Cost:
    """Return what it takes that one pod becomes unready, or ready again."""
    listing = svcnet.state.with_suffix(".pods")
    command = f"{sys.executable} -m svcnet get pods -o name > {listing}"
    run(("sh", "-c", command), svcnet.environment)
    pod = listing.read_text().split()[0]
    words = ("patch", pod, "--subresource=status", "--type=strategic", "-p")
    return best(4, lambda number: svcnet(*words, READINESS[number % 2]))
