#!/bin/sh
# A partner's user on RabbitMQ, with its password on standard input. It writes news under its own name, and nothing else:
#   partner.sh hotline < password
# RABBITMQCTL says how rabbitmqctl is called, where it isn't on the path: "docker compose exec -T rabbitmq rabbitmqctl".
set -eu
ctl=${RABBITMQCTL:-rabbitmqctl}
name=$1
# Not quietly: 4 reads the password only where the name is its only argument, and else waits for ever.
$ctl add_user "$name" > /dev/null
$ctl -q set_permissions -p partners "$name" '^$' '^partners$' '^$'
$ctl -q set_topic_permissions -p partners "$name" partners '^{username}\.' '^$'
