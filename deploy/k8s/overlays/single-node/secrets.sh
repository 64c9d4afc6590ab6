#!/bin/sh
# Prints new random Secrets for trying out; nothing is kept here. One user for all, unlike a district.
set -eu

new() { openssl rand -hex 32; }
secret() { printf -- '---\napiVersion: v1\nkind: Secret\nmetadata: {name: %s, namespace: gongzhi}\nstringData:\n' "$1"; }
entry() { printf '  %s: "%s"\n' "$1" "$2"; }

broker=$(new) store=$(new) reporters=$(new)
secret rabbitmq; entry password "$broker"
secret mongo-store; entry password "$store"
secret mongo-reporters; entry password "$reporters"

for service in housing procurement consultation whistle index organisations mediation affairs gateway; do
    secret "gongzhi-$service"
    entry GONGZHI_STORE_URL "mongodb://gongzhi:$store@mongo-store:27017/gongzhi?authSource=admin"
    entry GONGZHI_BUS_URL "amqp://gongzhi:$broker@rabbitmq:5672/"
    entry GONGZHI_TRAIL_KEY "$(new)"
    if [ "$service" = whistle ]; then
        entry GONGZHI_REPORTERS_URL "mongodb://gongzhi:$reporters@mongo-reporters:27017/gongzhi?authSource=admin"
        entry GONGZHI_REPORTERS_KEY "$(new)"
    fi
done
