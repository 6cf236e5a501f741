"""How much memory a training takes, with far more images than the shared ones."""

from __future__ import annotations

import textwrap

from children import AS_OURS, run_python

TRAIN_AND_TELL_PEAK = AS_OURS + textwrap.dedent("""
    import resource, sys
    import numpy as np
    from bvae_core.config import TrainConfig
    from bvae_core.datasets import ImageSet, load
    from bvae_core.store import Store
    from bvae_core.training import train

    {images}
    config = TrainConfig(epochs=1, width=32, depth=1, batch_size=1024)
    train(config, images, store=Store())
    with open("/proc/self/status") as status:
        sizes = dict(line.split(":", 1) for line in status)
    print(int(sizes["VmHWM"].split()[0]) >> 10, int(sizes["RssAnon"].split()[0]) >> 10)
    """)


def test_70_000_images_train_in_two_gigabytes(cache_folder) -> None:
    done = run_python(
        TRAIN_AND_TELL_PEAK.format(
            images=textwrap.dedent("""
                few = load("strokes:1000")
                images = few.select(np.arange(70_000) % 1000)
                """)
        )
    )
    assert done.returncode == 0, done.stderr
    peak, _ = map(int, done.stdout.split())
    assert peak < 2000
