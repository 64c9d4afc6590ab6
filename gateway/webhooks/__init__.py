"""Outgoing webhooks: events are posted, signed, to the address of whoever they concern, until delivered."""
