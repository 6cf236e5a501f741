"""The window around the explorer: menus, docks, status, files, failures, what is remembered."""
