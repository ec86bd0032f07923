import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  // The app that ships holds no invented plant; only development, tests and the mode `fake` do.
  const fake = mode !== 'production';
  return {
    root: here('.'),
    base: './',
    plugins: [svelte({ configFile: here('./svelte.config.js') })],
    resolve: {
      alias: { '~contract': here('../contract'), '~': here('./src') },
      // Vitest would otherwise take Svelte's server build.
      ...(mode === 'test' ? { conditions: ['browser'] } : {}),
    },
    define: { __FAKE_HOST__: JSON.stringify(fake) },
    build: {
      outDir: here(mode === 'fake' ? '../target/ui-fake' : './dist'),
      emptyOutDir: true,
      target: 'safari16',
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { main: here('./index.html'), passphrase: here('./passphrase.html') },
      },
    },
    server: { fs: { allow: [here('..')] } },
    test: {
      environment: 'happy-dom',
      include: ['src/**/*.test.ts'],
    },
  };
});
