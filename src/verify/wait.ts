import type { VerifyContext } from './context.ts';

/**
 * Asks again until the answer is good enough or the time is over; the last answer counts. The pauses grow: what is
 * there at once costs nothing, what takes a minute costs some twenty questions.
 */
export async function pollUntil<T>(
  context: VerifyContext,
  limitMs: number,
  ask: () => Promise<T>,
  enough: (answer: T) => boolean,
): Promise<T> {
  const end = context.clock.now().getTime() + limitMs;
  for (let pause = 250; ; pause = Math.min(pause * 1.5, 5_000)) {
    const answer = await ask();
    const left = end - context.clock.now().getTime();
    if (enough(answer) || left <= 0) return answer;
    await context.clock.sleep(Math.min(pause, left), context.signal);
  }
}
