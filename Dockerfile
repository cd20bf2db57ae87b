# All images of docker-compose.yml: one stage builds the programs, and each
# target is a program alone, without a shell or a system around it.
# Both of Docker's builders read this file (DOCKER_BUILDKIT=0 too).

FROM nats:2.15.2 AS nats-server

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
# The modules first: they change seldom, and this layer is kept.
COPY go.work go.work.sum ./
COPY schema/go.* schema/
COPY bus/go.* bus/
COPY ops/go.* ops/
COPY gateway/go.* gateway/
COPY sinks/go.* sinks/
COPY cmd/brain/go.* cmd/brain/
RUN ["go", "mod", "download"]
COPY . .
# Named volumes take the owner of the directory that they are mounted on.
RUN ["mkdir", "-p", "/programs", "/writable/data"]
ARG VERSION=dev
ENV GOFLAGS="-buildvcs=false '-ldflags=-s -w -X=promethean/ops/run.version=${VERSION}'"
RUN ["go", "build", "-trimpath", "-o", "/programs/", \
     "./gateway/cmd/gateway", "./gateway/cmd/simulator", "./sinks/cmd/sinks", "./cmd/brain"]

# What all of them share.
FROM scratch AS base
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /writable/ /
USER 65532:65532

FROM base AS gateway
COPY --from=build /programs/gateway /
ENTRYPOINT ["/gateway"]

FROM base AS sinks
COPY --from=build /programs/sinks /
ENTRYPOINT ["/sinks"]

FROM base AS simulator
COPY --from=build /programs/simulator /
ENTRYPOINT ["/simulator"]

FROM base AS brain
COPY --from=build /programs/brain /
ENTRYPOINT ["/brain"]

# The server as it was published, for a user of no rights, and brain beside it
# because its health check must run inside. It is the layer of the image above.
FROM brain AS nats
COPY --from=nats-server /nats-server /
ENTRYPOINT ["/nats-server"]
CMD ["--config", "/nats.conf"]
