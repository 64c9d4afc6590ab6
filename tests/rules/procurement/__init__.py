"""The law of purchasing, without sockets."""
