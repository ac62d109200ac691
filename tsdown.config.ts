import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { bin: 'src/bin.ts', index: 'src/index.ts', demo: 'src/demo/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: { entry: ['src/index.ts'] },
  clean: true,
});
