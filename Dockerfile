# secscan in a container:
#     docker build -t secscan .
#     docker run --rm -v "$PWD:/src:ro" secscan --history
# It reads what it is given, needs no network, and writes to standard output.

FROM debian:12-slim AS build
WORKDIR /build
COPY . .
RUN script/bootstrap \
    && cmake --preset release \
    && ninja -C build/release cli/secscan \
    && mkdir build/image \
    && cp -L build/release/lib/libsecscan-containers.so.0 build/image/ \
    && strip build/release/cli/secscan build/image/*

FROM debian:12-slim
# Whatever version this Debian has: the same that the build saw.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libarchive13 libdeflate0 libhyperscan5 libjansson4 libpcre2-8-0 \
        libqpdf29 libsodium23 libsqlite3-0 libssl3 libstdc++6 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home secscan
COPY --from=build /build/build/release/cli/secscan /usr/local/bin/secscan
# Found from the program, as ../lib.
COPY --from=build /build/build/image/ /usr/local/lib/
COPY --from=build /build/LICENSE /usr/share/doc/secscan/LICENSE
# Without git there is no safe.directory to set: repositories of any owner are read.
USER 10001:10001
WORKDIR /src
ENTRYPOINT ["secscan"]
