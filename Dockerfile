# The stand-in as an image: docker build --tag understudy . && docker run --rm --publish 8080:8080 understudy
# `make image` runs these steps without a container engine.
ARG PREFIX=/opt/understudy

FROM python:3.13-slim AS build
ARG PREFIX
WORKDIR /build
COPY requirements/runtime.txt requirements/runtime.txt
RUN python -m venv --without-pip "$PREFIX" \
 && python -m pip --python "$PREFIX/bin/python" install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY specs specs
COPY fixtures fixtures
RUN python -m pip --python "$PREFIX/bin/python" install --no-cache-dir --no-deps --no-build-isolation . \
 && XDG_CACHE_HOME="$PREFIX/cache" "$PREFIX/bin/understudy" operations > operations.txt

FROM python:3.13-slim
ARG PREFIX
COPY --from=build $PREFIX $PREFIX
# The parsed specs are kept in the image: it starts fast, and needs no folder that can be written to.
ENV PATH="$PREFIX/bin:$PATH" XDG_CACHE_HOME="$PREFIX/cache" PYTHONDONTWRITEBYTECODE=1 UNDERSTUDY_HOST=0.0.0.0
# A project may be mounted here: its understudy.toml is found. A folder of documents alone: understudy serve /work
WORKDIR /work
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --start-interval=1s --retries=3 \
  CMD ["python", "-m", "understudy.container_health"]
ENTRYPOINT ["understudy"]
CMD ["serve"]
