"""Pure: states, events, decisions and guards."""
