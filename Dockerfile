# Built in two stages: the second has neither a compiler nor the package index, runs as nobody in particular, and
# needs to write to /var/lib/wasl and /tmp alone.
FROM python:3.12.12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source
RUN python -m venv /opt/wasl
COPY requirements.lock ./
RUN /opt/wasl/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md LICENSE CHANGELOG.md ./
COPY streams streams
# An image whose linking is not compiled would be several times slower, so that this fails rather than goes on.
RUN WASL_COMPILE=require /opt/wasl/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps . \
    && /opt/wasl/bin/python -m compileall -q /opt/wasl/lib

FROM python:3.12.12-slim
LABEL org.opencontainers.image.title="Wasl" \
      org.opencontainers.image.description="Entity linking for news streams" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /var/lib/wasl --create-home wasl
COPY --from=build /opt/wasl /opt/wasl
ENV PATH=/opt/wasl/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    WASL_DATA_DIR=/var/lib/wasl \
    WASL_HOME=/var/lib/wasl
USER 10001
WORKDIR /var/lib/wasl
VOLUME /var/lib/wasl
ENTRYPOINT ["wasl"]
CMD ["worker"]
