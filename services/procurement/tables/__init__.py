"""The tables that can be imported, and what their lines are compared with."""
