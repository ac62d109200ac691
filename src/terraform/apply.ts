/** Runs `terraform apply` of a saved plan and follows it, resource by resource. */
import { join } from 'node:path';
import { privateFolder } from '../tools/private-folder.ts';
import type { Json } from '../transfer/json.ts';
import { type CommandOptions, defaultLimits, interruptedError, invoke } from './command.ts';
import { diagnose } from './diagnose.ts';
import { type Diagnostic, readDiagnosticText, redacted } from './diagnostics.ts';
import { readUiLine } from './events.ts';

export interface ApplyResult {
  readonly ok: boolean;
  /** Addresses of what was created, changed or deleted, in the order in which it was done. */
  readonly applied: readonly string[];
  /** What went wrong. The address is '' where a complaint is about no resource. */
  readonly failed: readonly { readonly address: string; readonly diagnostic: Diagnostic }[];
  /** Begun and not known to have ended: may or may not exist. */
  readonly unfinished: readonly string[];
  /** True if a person interrupted it. */
  readonly interrupted: boolean;
  /** Values of outputs without the sensitive ones; empty unless it went to its end. */
  readonly outputs: Readonly<Record<string, Json>>;
}

/** What the lines of one apply say so far. */
interface Course {
  readonly started: Set<string>;
  readonly applied: Set<string>;
  readonly errored: Set<string>;
  readonly diagnostics: Diagnostic[];
  outputs: Readonly<Record<string, Json>>;
}

function follow(options: CommandOptions, course: Course): (line: string) => void {
  return (line) => {
    const event = readUiLine(line, options.moduleDir);
    switch (event.type) {
      case 'resource': {
        options.notify(event);
        const { address, phase } = event;
        if (event.action === 'read') break;
        if (phase === 'started') course.started.add(address);
        if (phase === 'failed') course.errored.add(address);
        if (phase === 'done') {
          // A replacement is two operations on one address: it stands where the last one ended.
          course.applied.delete(address);
          course.applied.add(address);
          course.started.delete(address);
        }
        break;
      }
      case 'diagnostic':
        course.diagnostics.push(redacted(event.diagnostic, options.redactor));
        break;
      case 'outputs':
        course.outputs = event.outputs;
        break;
      case 'summary':
      case 'other':
        break;
    }
  };
}

function failures(course: Course): ApplyResult['failed'] {
  const errors = course.diagnostics.filter(({ severity }) => severity === 'error');
  const said = errors.map((diagnostic) => ({ address: diagnostic.address ?? '', diagnostic }));
  const silent = [...course.errored].filter(
    (address) => !said.some((failure) => failure.address === address),
  );
  return [
    ...said,
    ...silent.map((address) => ({
      address,
      diagnostic: {
        severity: 'error' as const,
        summary: 'It failed, and Terraform did not say why',
        detail: '',
        address,
        where: null,
        subject: null,
        message: 'It failed, and Terraform did not say why.',
      },
    })),
  ];
}

export interface ApplyRequest {
  /** A plan that `plan` saved. */
  readonly planFile: string;
  /** The state file, where no backend is declared. */
  readonly stateFile?: string;
}

/**
 * @throws ProvisionError if it ended before anything was changed: what went wrong then is about the run as a whole,
 *   for example a lock or expired credentials
 */
export async function apply(
  options: CommandOptions,
  args: readonly string[],
  { planFile }: ApplyRequest,
): Promise<ApplyResult> {
  const course: Course = {
    started: new Set(),
    applied: new Set(),
    errored: new Set(),
    diagnostics: [],
    outputs: {},
  };
  const folder = await privateFolder('apply');
  try {
    const { exitCode, stderr, interrupted } = await invoke(options, {
      args: [...args, planFile],
      timeoutMs: options.limits?.applyMs ?? defaultLimits.applyMs,
      graceMs: options.limits?.applyGraceMs ?? defaultLimits.applyGraceMs,
      onLine: follow(options, course),
      keepStdout: false,
      outputFile: join(folder.path, 'apply'),
    });
    const complaints = readDiagnosticText(stderr, options.moduleDir);
    course.diagnostics.push(...complaints.map((diagnostic) => redacted(diagnostic, options.redactor)));
    const ok = exitCode === 0;
    if (!ok && course.started.size === 0 && course.applied.size === 0) {
      if (interrupted) throw interruptedError('terraform apply');
      throw diagnose(course.diagnostics, {
        folder: options.moduleDir,
        doing: 'terraform apply',
        fallback: 'apply-failed',
      });
    }
    return {
      ok,
      applied: [...course.applied],
      failed: ok ? [] : failures(course),
      unfinished: [...course.started].filter((address) => !course.errored.has(address)),
      interrupted,
      outputs: course.outputs,
    };
  } finally {
    await folder.remove();
  }
}
