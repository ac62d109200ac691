/** All commands. Each is loaded only when it is run: adding one is a file here and a line below. */
import type { CommandSpec } from '../define-command.ts';

export interface CommandEntry {
  readonly summary: string;
  /** Shown as an argument in the list of commands. */
  readonly usage: string;
  load(): Promise<CommandSpec>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  provision: {
    summary: 'make an environment: all seven steps (the command may be left out)',
    usage: '<target> [from=<source>]',
    load: async () => (await import('./provision.ts')).provision,
  },
  plan: {
    summary: 'steps 1 to 5, the Terraform plan and the proof; changes nothing',
    usage: '<target> [from=<source>]',
    load: async () => (await import('./plan.ts')).plan,
  },
  verify: {
    summary: 'verify an environment again',
    usage: '<env>',
    load: async () => (await import('./verify.ts')).verify,
  },
  confirm: {
    summary: 'return the code that the tester received over a chat channel',
    usage: '<env> [code]',
    load: async () => (await import('./confirm.ts')).confirm,
  },
  resume: {
    summary: 'go on after a failure, an interrupt or a crash',
    usage: '<env>',
    load: async () => (await import('./resume.ts')).resume,
  },
  status: {
    summary: 'what is known of an environment',
    usage: '[env]',
    load: async () => (await import('./status.ts')).status,
  },
  list: {
    summary: 'the environments that provision-env made',
    usage: '',
    load: async () => (await import('./list.ts')).list,
  },
  diff: {
    summary: 'two environments side by side, modulo their names',
    usage: '<a> <b>',
    load: async () => (await import('./diff.ts')).diff,
  },
  destroy: {
    summary: 'take an environment away and show that nothing is left',
    usage: '<env>',
    load: async () => (await import('./destroy.ts')).destroy,
  },
  sweep: {
    summary: 'look for what is left of an environment in the account, and remove it',
    usage: '<env>',
    load: async () => (await import('./sweep.ts')).sweep,
  },
  cost: {
    summary: 'what an environment costs in a month, and what it adds',
    usage: '<env> [from=<source>]',
    load: async () => (await import('./cost.ts')).cost,
  },
  extend: {
    summary: 'put the end of an environment off',
    usage: '<env> <duration>',
    load: async () => (await import('./extend.ts')).extend,
  },
  sleep: {
    summary: 'put the databases of an environment to sleep',
    usage: '<env>',
    load: async () => (await import('./sleep.ts')).sleep,
  },
  wake: {
    summary: 'wake the databases of an environment',
    usage: '<env>',
    load: async () => (await import('./wake.ts')).wake,
  },
  gc: {
    summary: 'destroy what has expired, tell of what ends soon',
    usage: '',
    load: async () => (await import('./gc.ts')).gc,
  },
  name: {
    summary: 'the name of the environment of a branch',
    usage: '<branch>',
    load: async () => (await import('./name.ts')).name,
  },
  ci: {
    summary: 'write the workflow that provisions branches and takes them away',
    usage: '<github|gitlab>',
    load: async () => (await import('./ci.ts')).ci,
  },
  'ci-event': {
    summary: 'what a GitHub event asks for (for the workflow of ci github)',
    usage: '',
    load: async () => (await import('./ci-event.ts')).ciEvent,
  },
  comment: {
    summary: 'tell a pull or merge request how its environment stands',
    usage: '<env> --pr <n>',
    load: async () => (await import('./comment.ts')).comment,
  },
  report: {
    summary: 'the evidence report of an environment',
    usage: '<env>',
    load: async () => (await import('./report.ts')).report,
  },
  init: {
    summary: 'look at the project and write its configuration',
    usage: '',
    load: async () => (await import('./init.ts')).init,
  },
  doctor: {
    summary: 'tools, credentials, configuration, reachability, each with the mend',
    usage: '',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  completion: {
    summary: 'shell completion: commands, options, names of environments',
    usage: '<bash|zsh|fish>',
    load: async () => (await import('./completion.ts')).completionOf(commands),
  },
  mcp: {
    summary: 'an MCP server for coding agents: read tools, and provision and destroy with confirmation',
    usage: '',
    load: async () => (await import('./mcp.ts')).mcp,
  },
  sandbox: {
    summary: 'the local stand-in for AWS, Doppler, LINE and Telegram, for trying things out',
    usage: '',
    load: async () => (await import('./sandbox.ts')).sandbox,
  },
};
