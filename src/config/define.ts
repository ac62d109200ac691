import type { UserConfig } from './schema.ts';

/** Types the configuration for the editor; gives it back as it is. */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
