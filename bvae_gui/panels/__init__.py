"""The panels: one widget a concern. They know the state, and never each other."""
