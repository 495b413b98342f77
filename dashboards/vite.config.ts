import { defineConfig } from 'vite'

/** Where a gateway runs, for `npm run web`: its interface is passed through. */
const gateway = process.env['ANLING_GATEWAY_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy lets nothing in that is not a file of the gateway's own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // What every page begins with comes in one file.
      output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } },
      // "use client" is for servers that render; here everything is a client.
      onLog(level, log, tell) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log)
      },
    },
  },
  server: { proxy: { '/api': gateway, '/map': gateway } },
})
