import { vi } from 'vitest';

export interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

export type Handler = (event?: unknown) => Promise<unknown>;

/** The functions are plain JavaScript: that is how Lambda gets them. */
export async function load(name: string): Promise<Handler> {
  const url = new URL(`../functions/${name}/index.mjs`, import.meta.url).href;
  const module = (await import(url)) as { handler: Handler };
  return module.handler;
}

export function setEnvironment(variables: Record<string, string>): void {
  for (const [key, value] of Object.entries(variables)) vi.stubEnv(key, value);
}

/** Catches what a function logs, parsed. */
export function captureLog(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    });
  }
  return lines;
}
