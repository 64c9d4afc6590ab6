"""The console: a district at work sees and does its work. It only calls the gateway."""
