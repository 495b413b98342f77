import { defineConfig } from 'vite'

/** Where a gateway runs, for `npm run web`: its interface is passed through. */
const gateway = process.env['ANLING_GATEWAY_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  build: {
    outDir: 'dist',
    // Says which files a page is made of: the gateway names them before anybody has read the first.
    manifest: 'made.json',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy lets nothing in that is not a file of the gateway's own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every page begins with comes in one file, and what several pages are made of in another.
            { name: 'index', tags: ['$initial'], priority: 1 },
            { name: 'shared', minShareCount: 6 },
          ],
        },
      },
      // "use client" is for servers that render; here everything is a client.
      onLog(level, log, tell) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log)
      },
    },
  },
  server: { proxy: { '/api': gateway, '/map': gateway } },
})
