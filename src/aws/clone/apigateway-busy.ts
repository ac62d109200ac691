import type { Passing } from './wait.ts';

/** Changes to one API are taken one after another. */
export const busy: readonly Passing[] = [
  { code: 'ConflictException', message: /in progress|concurrent|try again/i },
  // A deployment in five seconds, an API in three. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  { code: 'TooManyRequestsException' },
];
