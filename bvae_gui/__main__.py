"""`python -m bvae_gui`."""

from bvae_gui.app import main

if __name__ == "__main__":
    main()
