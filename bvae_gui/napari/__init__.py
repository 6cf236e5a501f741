"""The plugin for napari: the only room that knows it. Its modules are named in ``napari.yaml``."""
