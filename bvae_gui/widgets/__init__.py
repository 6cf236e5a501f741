"""Small widgets that panels are made of: one a module; they know no state."""
