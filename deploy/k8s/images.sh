#!/bin/sh
# Every image that an overlay asks for, one a line; with skopeo on the path, and a way out, by digest:
#
#   deploy/k8s/images.sh deploy/k8s/overlays/production
#
# To carry them over: skopeo copy --all docker://<image> docker://<the district's registry>/<image>.
set -eu

kubectl kustomize "${1:?which overlay}" |
    sed -nE 's/^ *-? *image: *"?([^" ]+)"? *$/\1/p' | sort -u |
    while read -r image; do
        if command -v skopeo > /dev/null; then
            digest=$(skopeo inspect --raw "docker://$image" | sha256sum | cut -d ' ' -f 1)
            image="${image%@*}@sha256:$digest"
        fi
        printf '%s\n' "$image"
    done
