/** A report in which every text that comes from outside tries to be something else. */
import type { Document } from '../../../src/cli/document.ts';
import { liveReport } from './fixture.ts';

export const hostile = {
  script: '<script>window.pwned=1</script>',
  quotes: `"'><img src=x onerror="window.pwned=1">`,
  close: '</title></style></script></svg></table><svg onload=window.pwned=1>',
  // An override that would turn what follows around, in a name that ends in Hebrew letters.
  rightToLeft: 'abc\u202Egnp.exe\u2066\u05D0\u05D1\u05D2',
  template: '${window.pwned=1}{{7*7}}',
  shell: "feature'; rm -rf / #$(reboot)`reboot`",
  control: 'bell\u0007 escape\u001B[31m nul\u0000 lone\uD800',
} as const;

const all = Object.values(hostile);

/** Every text of a value replaced by one of the hostile ones, but for those that say what kind of thing it is. */
const kept = new Set([
  'action',
  'at',
  'basis',
  'by',
  'category',
  'change',
  'check',
  'created',
  'currency',
  'engine',
  'expires',
  'id',
  'kind',
  'phase',
  'provider',
  'severity',
  'status',
  'updated',
]);

function poisoned(value: unknown, count: { value: number }, key = ''): unknown {
  if (typeof value === 'string') {
    if (kept.has(key)) return value;
    count.value += 1;
    return `${all[count.value % all.length]} ${count.value}`;
  }
  if (Array.isArray(value)) return value.map((each) => poisoned(each, count, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, poisoned(each, count, name)]),
    );
  }
  return value;
}

export async function hostileReport(): Promise<Document> {
  const document = await liveReport();
  const count = { value: 0 };
  const bad = poisoned(document, count) as Document;
  return {
    ...bad,
    command: document.command,
    target: hostile.script,
    source: hostile.rightToLeft,
    record: bad.record && {
      ...bad.record,
      outputs: { [hostile.quotes]: hostile.close },
      set: { key: hostile.shell },
    },
    error: { code: 'unexpected', source: 'bug', message: hostile.quotes, hint: hostile.close, where: null },
  };
}
