import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The service answers the same paths in production; `npm run dev` forwards
// them to a running one.
const service = process.env['QIANTU_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2022',
    // data: fonts and images would be refused by our content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    // The library in a file of its own: it stays in the browser's cache when ours changes, and test/size.test.ts weighs ours.
    rollupOptions: {
      output: { manualChunks: (id: string) => (id.includes('/maplibre-gl/') ? 'maplibre-gl' : null) },
    },
  },
  server: {
    proxy: {
      '/api': service,
      '/ws': { target: service, ws: true, changeOrigin: true },
    },
  },
  // The machine may be building beside it.
  test: { include: ['test/**/*.test.{ts,mjs}'], testTimeout: 30_000 },
});
