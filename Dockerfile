# One image for every service and for the gateway: `docker run gongzhi serve whistle`.
# A tag can move. Whoever builds for a district pins the digest:
#   docker build --build-arg PYTHON=python:3.11-slim-bookworm@sha256:… -t registry.example/gongzhi:0.1.0 .
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/gongzhi
ENV PATH=/opt/gongzhi/bin:$PATH
WORKDIR /src
# The dependencies first: they change seldom. Wheels only, so no compiler is needed.
COPY requirements.lock ./
RUN pip install --require-hashes --only-binary :all: -r requirements.lock
# What .dockerignore lets through: the packages, pyproject.toml, README.md.
COPY . .
RUN pip install --no-deps --no-build-isolation . && pip uninstall --yes pip

FROM ${PYTHON}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin gongzhi
COPY --from=build /opt/gongzhi /opt/gongzhi
ENV PATH=/opt/gongzhi/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
# Exec form: SIGTERM reaches Python, which finishes what is in work before it leaves.
ENTRYPOINT ["gongzhi"]
