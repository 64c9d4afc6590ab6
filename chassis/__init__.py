"""The framework that every service is built on; it knows no domain. Where to look, by what one wants to change:

- **pure rules of the house**: `kernel/` (clock, terms, measures, rules and their refusals, draws),
  `vocabulary` and `titles` (what people read), `words`, `shapes`, `numbers`
- **one record**: `aggregates` (the only write), `named_locks`, `kind`, `documents`, `outbox_entries`
  (events in its outbox), `trail`, `records` (reading), `guarded` (reading behind the policy), `claims`
  (idempotency keys where the id comes out of the body), `rev_cache` (a cache that lasts until its document
  changes), `copies` (local copies of another service's records)
- **beside a record**: `sealed`, `sealing`, `resealing`, `keyring` (encryption), `draw_secrets`, `files`, `beside`,
  `begun` (written before its record is)
- **steps**: `steps` (declarations), `step_taken` (their taking), `steps_api`, `step_route`, `step_described`,
  `routes`, `actions` (the buttons), `steps_listed`, `at`, `asking`, `cause`
- **lists and tables**: `lists`, `listing`, `exports`, `papers` and `printable` (PDF), `tables/` and `imports/`
  (clerks' files), `pages/`, `formulas` (what a spreadsheet would run)
- **HTTP**: `edge` (around every request), `http`, `problems`, `problem_types` and `faults` (RFC 9457),
  `system`, `openapi`, `referring`, `examples`, `unchanged` (304), `files_api`, `keys_api`, `policy_api`, `service_api`,
  `trail_api`
- **the caller**: `identity` (the policy), `tokens`, `issuer`, `jwks`, `address_limits` and `buckets` (rate limits),
  `held_about` (a person's own data)
- **bus**: `bus` (the port), `bus_rabbit` with `bus_line`, `bus_nodes`, `bus_queues`; `bus_local`; `outbox` (the
  relay), `subscriptions`, `refused_news`, `brake` (back-pressure while the outbox is long)
- **stores**: `store` (the port), `store_mongo`, `store_sqlite` with `sqlite_*`
- **time**: `deadlines` (the scheduler), `recurring` (background jobs), `calendar` (working days), `renewal`,
  `retention` and `removals`, `pacing` (back-off)
- **a process**: `service`, `settings`, `policy`, `places`, `health`, `queue_monitor`, `telemetry`,
  `tracebacks` (as they are logged), `refusals` (counted)
- **outgoing**: `outbound` (HTTP to addresses that others chose, guarded against SSRF), `signing` (Standard Webhooks)
"""
