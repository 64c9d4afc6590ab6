"""The API gateway: authentication, routing, partners' events, and the journal of everything published."""
