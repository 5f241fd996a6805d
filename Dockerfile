# syntax=docker/dockerfile:1
# Kefu with its default model, widget and console: nothing is fetched at start. The root file system may be read-only; /data is the volume.

FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/kefu
COPY constraints.txt pyproject.toml README.md ./
COPY nlu nlu
COPY knowledge knowledge
COPY actions actions
COPY bot bot
RUN /opt/kefu/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[crm,postgres,redis,socketio]'

# libgomp1: LightGBM's threads, for `kefu crm fit`.
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /data --create-home kefu
COPY --from=build /opt/kefu /opt/kefu
ENV PATH=/opt/kefu/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    KEFU_HOST=0.0.0.0 \
    KEFU_DATABASE_URL=sqlite:////data/kefu.db \
    KEFU_LOG_FORMAT=json
USER kefu
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["kefu", "serve"]
