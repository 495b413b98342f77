# The pages are bundled where the development dependencies are.
FROM node:26-slim AS pages
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
RUN npm ci --omit=optional --ignore-scripts
COPY dashboards dashboards
COPY gateway gateway
RUN npm run build

# The gateway and nothing else: no development dependencies, not root.
FROM node:26-slim

WORKDIR /app
COPY package.json package-lock.json ./
# The image brings its own runtime: the one among the optional dependencies is left out.
# Nothing needs a script at its installation: serialport ships its binaries.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force
COPY LICENSE ./
COPY broker broker
COPY --from=pages /app/dashboards/dist dashboards/dist
COPY gateway gateway

RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
# A container's own loopback cannot be published: plain MQTT is open inside, and the compose file publishes it on the host's
# loopback only. Devices elsewhere come in over TLS (8883).
ENV NODE_ENV=production ANLING_DATA_DIR=/data ANLING_HTTP_HOST=0.0.0.0 ANLING_MQTT_HOST=0.0.0.0 ANLING_MQTT_ALLOW_PLAIN=true
EXPOSE 8080 1883 8883

# Unhealthy when alarms cannot be committed or delivered, not only when the process is gone.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ANLING_HTTP_PORT || 8080}/readyz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Run with an init (docker run --init; the compose file does): the first process of a container must reap and pass on signals.
CMD ["node", "--v8-pool-size=1", "gateway/main.ts"]
