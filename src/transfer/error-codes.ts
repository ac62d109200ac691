/**
 * Every error a user can meet. The codes, their side and their exit codes are a contract; the texts are not.
 * `docs/errors.md` is generated from this table.
 */

/** What the process ends with. */
export const exitCodes = {
  done: 0,
  unexpected: 1,
  usage: 2,
  blocked: 3,
  verificationFailed: 4,
  halfway: 5,
  waiting: 6,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** On which side an error lies: what was asked for, the world around us, or our own code. */
export type ErrorSource = 'user' | 'environment' | 'bug';

interface ErrorKind {
  readonly source: ErrorSource;
  readonly exitCode: ExitCode;
  readonly meaning: string;
}

const { unexpected, usage, blocked, verificationFailed, halfway, waiting } = exitCodes;

export const errorKinds = {
  usage: {
    source: 'user',
    exitCode: usage,
    meaning: 'The arguments or options are not those of the command.',
  },
  'name-invalid': {
    source: 'user',
    exitCode: usage,
    meaning: 'The name cannot be the name of an environment.',
  },
  'ttl-invalid': {
    source: 'user',
    exitCode: usage,
    meaning: 'A time to live is none, or more than the configuration allows.',
  },
  'config-invalid': { source: 'user', exitCode: usage, meaning: 'provision-env.config.* is not valid.' },
  'project-not-found': { source: 'user', exitCode: usage, meaning: 'No Terraform root module was found.' },
  'environment-not-found': {
    source: 'user',
    exitCode: usage,
    meaning: 'The environment has no var-file or no record.',
  },
  'environment-variable-not-found': {
    source: 'user',
    exitCode: usage,
    meaning: 'No variable of the configuration names the environment.',
  },
  'var-file-invalid': {
    source: 'user',
    exitCode: usage,
    meaning: 'A var-file cannot be read or does not fit.',
  },
  'configuration-invalid': {
    source: 'user',
    exitCode: usage,
    meaning: 'The Terraform configuration does not parse or does not validate.',
  },
  'variable-refused': {
    source: 'user',
    exitCode: usage,
    meaning: "A variable's own validation refuses the value.",
  },
  'backend-unsupported': {
    source: 'user',
    exitCode: usage,
    meaning: 'The backend is of a kind that is not supported yet.',
  },
  'backend-invalid': {
    source: 'user',
    exitCode: usage,
    meaning: 'The backend configuration is incomplete or contradicts itself.',
  },
  'protected-environment': {
    source: 'user',
    exitCode: usage,
    meaning: 'The environment is protected: it is never destroyed.',
  },
  'environment-stands': {
    source: 'user',
    exitCode: usage,
    meaning: 'The environment stands: it is destroyed first, and what is left is swept then.',
  },
  asleep: {
    source: 'user',
    exitCode: usage,
    meaning: 'The databases of the environment are stopped; nothing was verified.',
  },
  'not-finished': {
    source: 'user',
    exitCode: usage,
    meaning: 'The environment is half made or half destroyed: that comes to its end first.',
  },
  'not-ours': {
    source: 'user',
    exitCode: usage,
    meaning: 'The environment was not made by provision-env, so it is not touched.',
  },
  'already-exists': { source: 'user', exitCode: usage, meaning: 'Something of that name is there already.' },
  blocked: { source: 'user', exitCode: blocked, meaning: 'The proof does not hold; nothing was changed.' },
  'place-mismatch': {
    source: 'user',
    exitCode: blocked,
    meaning:
      'The run would act in another account or region than the environment lies in, or it cannot be told; nothing was changed.',
  },
  declined: { source: 'user', exitCode: blocked, meaning: 'A person said no; nothing was changed.' },
  'tool-missing': {
    source: 'environment',
    exitCode: usage,
    meaning: 'A program that is needed is not installed and could not be installed.',
  },
  'tool-too-old': { source: 'environment', exitCode: usage, meaning: 'A program that is needed is too old.' },
  'provider-unavailable': {
    source: 'environment',
    exitCode: usage,
    meaning: 'A Terraform provider or module could be had neither from a registry nor from a mirror.',
  },
  'network-unreachable': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'A service could not be reached.',
  },
  'credentials-missing': {
    source: 'environment',
    exitCode: usage,
    meaning: 'There are no credentials for a service.',
  },
  'credentials-expired': {
    source: 'environment',
    exitCode: usage,
    meaning: 'The credentials are expired or not valid.',
  },
  'credentials-mismatch': {
    source: 'user',
    exitCode: usage,
    meaning: 'The credentials of a service are good, but do not belong together.',
  },
  'rate-limited': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'A service takes no more requests for a while.',
  },
  'service-unavailable': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'A service answers that it has a fault of its own.',
  },
  'service-refused': {
    source: 'environment',
    exitCode: halfway,
    meaning: 'A chat service refuses what was asked of it.',
  },
  'webhook-refused': {
    source: 'environment',
    exitCode: halfway,
    meaning: 'A chat service refuses the webhook URL of the environment.',
  },
  'access-denied': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'The credentials lack a permission.',
  },
  'state-unreadable': {
    source: 'environment',
    exitCode: usage,
    meaning: 'The state of an environment cannot be read.',
  },
  'state-empty': {
    source: 'user',
    exitCode: usage,
    meaning: 'The state of the source holds nothing that could be cloned.',
  },
  'state-locked': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'Somebody else holds the lock of the Terraform state.',
  },
  'transfer-locked': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'Another transfer to the same target is under way.',
  },
  'lock-lost': {
    source: 'environment',
    exitCode: unexpected,
    meaning:
      'The lock of the environment ran out or was taken over while the run was under way; nothing further was begun. Ends with 5 where something had been changed.',
  },
  'lock-unreadable': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'What lies in the place of a lock is none, or may not be read.',
  },
  'store-unsuitable': {
    source: 'user',
    exitCode: usage,
    meaning:
      'The bucket of the configuration is not there, or does not keep conditions on writes, so it cannot hold records and locks.',
  },
  'journal-mismatch': {
    source: 'user',
    exitCode: usage,
    meaning: 'The run asks for something else than the transfer that it would go on with.',
  },
  'nothing-to-resume': {
    source: 'user',
    exitCode: usage,
    meaning: 'There is no unfinished transfer to go on with.',
  },
  'timed-out': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'Something took longer than its time limit.',
  },
  interrupted: { source: 'user', exitCode: halfway, meaning: 'A person interrupted the run.' },
  'plan-failed': { source: 'environment', exitCode: unexpected, meaning: 'Terraform could not make a plan.' },
  'apply-failed': {
    source: 'environment',
    exitCode: halfway,
    meaning: 'The apply stopped half-way; resume goes on.',
  },
  'destroy-failed': {
    source: 'environment',
    exitCode: halfway,
    meaning: 'The destroy stopped half-way; running it again goes on.',
  },
  'verification-failed': {
    source: 'environment',
    exitCode: verificationFailed,
    meaning: 'What was made does not work, or the proof no longer holds.',
  },
  'prices-unavailable': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'What was asked for prices did not tell them.',
  },
  'needs-person': {
    source: 'user',
    exitCode: waiting,
    meaning: 'A person has to answer, and there is no terminal to ask at.',
  },
  'plan-changed': {
    source: 'user',
    exitCode: waiting,
    meaning: 'What would be done is not what a person agreed to; they have to see it first.',
  },
  'output-unreadable': {
    source: 'bug',
    exitCode: unexpected,
    meaning: 'A program answered in a form that is not known.',
  },
  'disk-full': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'A disk or a quota has no room left. Ends with 5 where something had been changed.',
  },
  'not-writable': {
    source: 'environment',
    exitCode: unexpected,
    meaning:
      'A file or folder may not be read or written, or lies on a read-only file system. Ends with 5 where something had been changed.',
  },
  'too-many-files': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'The system opens no more files for this process or machine.',
  },
  'disk-fault': {
    source: 'environment',
    exitCode: unexpected,
    meaning: 'A disk or a network file system answers with a fault.',
  },
  unexpected: { source: 'bug', exitCode: unexpected, meaning: 'Something that should not be possible.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;
