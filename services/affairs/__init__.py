"""What communities may be asked to do, who works there and is paid what, and powers used in the open."""
