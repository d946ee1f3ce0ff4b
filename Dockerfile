# An image that serves Footnote on port 8000 and keeps its index in the volume /data.
#
#   docker build -t footnote .
#   docker run -p 8000:8000 -v footnote:/data -e FOOTNOTE_API_KEY=... footnote
#
# Inside, it listens on all addresses, so it starts only with FOOTNOTE_API_KEY, or with
# FOOTNOTE_ALLOW_ANONYMOUS=true where the network around it is trusted.
FROM python:3.13-slim AS build

WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
RUN python -m venv /opt/footnote \
    && /opt/footnote/bin/pip install --no-cache-dir --require-hashes --no-deps \
        --only-binary :all: -r requirements.lock
COPY app app
COPY corpus corpus
COPY eval eval
COPY index index
COPY prompts prompts
RUN /opt/footnote/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation .

FROM python:3.13-slim

RUN useradd --create-home --uid 10001 footnote \
    && mkdir /data \
    && chown footnote /data
COPY --from=build /opt/footnote /opt/footnote

ENV PATH=/opt/footnote/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    FOOTNOTE_HOST=0.0.0.0 \
    FOOTNOTE_PORT=8000 \
    FOOTNOTE_DATA_DIR=/data
USER footnote
WORKDIR /home/footnote
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["footnote"]
CMD ["serve"]
