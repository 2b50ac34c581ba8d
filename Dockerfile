# One image for the issuer, the wallet, the verifier and the command line: the first argument says which of them runs.
# All that goes into it is this checkout and what its lockfile names.

FROM node:24.21.0-trixie-slim AS build
WORKDIR /consulate
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci \
    && npm run build \
    && cp node_modules/@foundry-rs/anvil-linux-*/bin/anvil /usr/local/bin/ \
    && npm prune --omit=dev --omit=optional \
    && rm -r packages/*/src

# A local chain, for development: whoever runs it can rewrite it.
FROM node:24.21.0-trixie-slim AS chain
COPY --from=build /usr/local/bin/anvil /usr/local/bin/
RUN install --directory --owner=node --group=node --mode=0700 /var/lib/chain
USER node
EXPOSE 8545
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:8545', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId' }) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["anvil"]

FROM node:24.21.0-trixie-slim AS consulate
COPY --from=build /consulate /consulate
RUN ln -s /consulate/node_modules/.bin/consulate /usr/local/bin/consulate \
    && install --directory --owner=node --group=node --mode=0700 /var/lib/consulate
ENV NODE_ENV=production \
    CONSULATE_HOST=0.0.0.0 \
    CONSULATE_DATA=/var/lib/consulate
USER node
WORKDIR /var/lib/consulate
EXPOSE 7100 7200 7300
STOPSIGNAL SIGTERM
# Of the three ports that of the service in this container answers; until it has started, with 503.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
    CMD ["node", "-e", "Promise.any([7100, 7200, 7300].map((port) => fetch('http://127.0.0.1:' + port + '/healthz').then(({ ok }) => ok || Promise.reject()))).then(() => process.exit(0), () => process.exit(1))"]
ENTRYPOINT ["consulate"]
CMD ["--help"]
