/** Which functions are called by a verification. */
export const invokeSettings = ['safe', 'all', 'none'] as const;

/**
 * `safe`: what is there to be called from outside, and what the configuration gives an event. `all`: every function.
 * `none`: none.
 */
export type InvokeSetting = (typeof invokeSettings)[number];
