"""The window: knows Qt, through qtpy, and shows what `bvae_core` can do."""
