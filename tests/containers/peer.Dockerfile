# In MongoDB's place where no MongoDB is to be had: see tests/support/mongo.py.
ARG PYTHON
FROM ${PYTHON}
ARG PEER
RUN python -m venv /opt/peer && /opt/peer/bin/pip install --no-cache-dir --only-binary :all: nx-27017==${PEER}
COPY mongosh /usr/local/bin/
VOLUME /data/db
ENTRYPOINT ["/opt/peer/bin/python", "-m", "nx_27017.nx_27017", "--host", "0.0.0.0", "--data-dir", "/data/db"]
