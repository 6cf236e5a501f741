from __future__ import annotations

from bvae_core._tensorflow import load_quietly

load_quietly()  # before these tests' own imports, which would load more of it
