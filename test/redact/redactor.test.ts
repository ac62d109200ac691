import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, type Redactor } from '../../src/redact/redactor.ts';
import { SecretValues } from '../../src/secrets/in-memory.ts';
import { learnSecret, learnValues } from '../../src/secrets/learn.ts';
import { holds, spellings } from './spellings.ts';

function knowing(secrets: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(secrets)) redactor.learn(name, value);
  return redactor;
}

const awkward: Readonly<Record<string, string>> = {
  plain: 'n0tForTheEyesOfOthers42',
  signs: 'p@ss w/ord+&<"quoted">\'\\=%41#?',
  letters: 'schlüssel-für-größe-Ångström',
  thai: 'รหัสผ่านลับมาก-ห้ามบอกใคร',
  emoji: 'key-🔑-with-🚀-signs',
  lines: 'first-line-of-a-secret\nsecond-line-of-a-secret\n\tthird "line"',
  'hexadecimal digits': 'deadbeefcafebabe0123456789abcdef',
  'Base64 itself': 'c2VjcmV0LXZhbHVlLXdpdGgtcGFkZGluZw==',
  'a URL': 'postgres://app:Pw-4711-x@orders.dev.example.com:5432/orders?sslmode=require',
};

describe('a secret is found', () => {
  for (const [kind, value] of Object.entries(awkward)) {
    for (const [name, spell] of Object.entries(spellings)) {
      it(`${name}: ${kind}`, () => {
        const spelled = spell(value);
        const text = `before <${spelled}> after`;
        const result = knowing({ API_TOKEN: value }).text(text);
        expect(holds(result, value)).toEqual([]);
        expect(result).toContain('«secret API_TOKEN»');
        expect(result).toMatch(/^before/);
        expect(result).toMatch(/after$/);
      });
    }
  }

  it('in every spelling, whatever it is and whatever stands around it', () => {
    const characters = fc.constantFrom(
      ...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!$%/+=&"\'<>#@öéß'),
    );
    const secret = fc
      .array(characters, { minLength: 12, maxLength: 60 })
      .map((list) => list.join(''))
      // A secret of signs alone is none that anybody issues.
      .filter((value) => (value.match(/[A-Za-z0-9]/g)?.length ?? 0) >= 10);
    const around = fc.constantFrom(
      '',
      ' ',
      '"',
      "'",
      '(',
      'x=',
      'key: ',
      '/',
      ',',
      ';',
      '\n',
      '&amp;',
      '«',
      '«secret OTHER»',
    );
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...Object.keys(spellings)),
        around,
        around,
        (value, name, before, after) => {
          const spelled = spellings[name]?.(value) ?? '';
          const result = knowing({ S: value, T: 'another-secret-4711' }).text(
            `${before} ${spelled} ${after}`,
          );
          expect({ name, holds: holds(result, value) }).toEqual({ name, holds: [] });
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('what holds no secret', () => {
  it('comes back byte for byte', () => {
    const redactor = knowing({ ...awkward, PORT: '5432', STAGE: 'prod', REGION: 'eu-west-1', ON: 'true' });
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.base64String(), fc.json()),
        (text) => {
          expect(redactor.text(text)).toBe(text);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('leaves ARNs as they are, also where a table has broken them', () => {
    const redactor = knowing(awkward);
    const part = (least: number): fc.Arbitrary<string> =>
      fc.stringMatching(new RegExp(`^[A-Za-z][\\w-]{${least},60}$`));
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{12}$/),
        part(30),
        fc.constantFrom('sqs', 'sns', 'lambda', 'dynamodb', 'secretsmanager'),
        fc.constantFrom('', '\n  ', ' '),
        (account, name, service, broken) => {
          for (const named of [name, `secret:${name}-a1B2c3`, `function:${name}:live`, `table/${name}`]) {
            const text = `arn:aws:${service}:ap-southeast-1:${broken}${account}:${named}`;
            expect(redactor.text(text)).toBe(text);
          }
        },
      ),
    );
  });

  it('stays as it is where a secret is a word that everybody uses', () => {
    const redactor = knowing({
      STAGE: 'prod',
      REGION: 'ap-southeast-1',
      FLAG: 'true',
      PORT: '5432',
      USER: 'admin',
      PIN: '42',
    });
    const text = 'true: the prod table in ap-southeast-1 listens on 5432 for admin (42 of them)';
    expect(redactor.text(text)).toBe(text);
    expect(redactor.text('PIN=42, "pin": "42", pin is 42; PINS=42, PIN=421')).toBe(
      'PIN=«secret PIN», "pin": "«secret PIN», pin is «secret PIN»; PINS=42, PIN=421'.replace(
        '"«secret PIN»,',
        '"«secret PIN»",',
      ),
    );
  });

  it('stays as it is where the value is public', () => {
    const redactor = knowing({ TABLE_KEY: 'mini-dev-notes-table' });
    redactor.publish(['mini-dev-notes-table']);
    expect(redactor.text('writes to mini-dev-notes-table')).toBe('writes to mini-dev-notes-table');
  });

  it('a word within another is another word', () => {
    const redactor = knowing({ S: 'hunter' });
    expect(redactor.text('hunters, bounty-hunter, hunter!')).toBe('hunters, bounty-hunter, «secret S»!');
  });
});

describe('credentials that nobody told of', () => {
  it('of a bot: alone, and in the URLs that its service is asked by', () => {
    const token = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
    const redactor = createRedactor();
    expect(redactor.text(`token ${token}.`)).toBe('token «secret».');
    expect(redactor.text(`https://api.telegram.org/bot${token}/getMe`)).toBe(
      'https://api.telegram.org/bot«secret»/getMe',
    );
  });

  const redactor = createRedactor();
  it.each([
    [
      'postgres://app:hunter2@orders.dev.example.com/orders',
      'postgres://app:«secret»@orders.dev.example.com/orders',
    ],
    ['https://x.example.com/a?key=abcd1234&page=2', 'https://x.example.com/a?key=«secret»&page=2'],
    ['https://x/a?page=2&amp;access_token=abcd1234', 'https://x/a?page=2&amp;access_token=«secret»'],
    ['git::https://ghp_0123456789abcdefghij@github.com/x/y', 'git::https://«secret»@github.com/x/y'],
    ['redis%3A%2F%2Fu%3Apw1234%40cache', 'redis%3A%2F%2Fu%3A«secret»%40cache'],
    ['-----BEGIN RSA PRIVATE KEY-----\\nabc\\n-----END RSA PRIVATE KEY-----!', '«secret»!'],
  ])('%s', (text, expected) => {
    expect(redactor.text(text)).toBe(expected);
  });

  it.each([
    's3://bucket/key?region=eu-west-1',
    'https://user@example.com/x',
    'https://x/?key=${var.key}',
    'arn:aws:s3:::bucket/key',
    'http://127.0.0.1:4873/@scope/name',
  ])('%s stays', (text) => {
    expect(redactor.text(text)).toBe(text);
  });
});

describe('what was made of a secret', () => {
  it.each([
    ['a URL', 'https://x.example.com/h?token=Abcd1234Efgh', 'Abcd1234Efgh'],
    ['a webhook', 'https://hooks.example.com/T0/9aB3dE5fG7hI9jK1mN', '9aB3dE5fG7hI9jK1mN'],
    ['a DSN', 'app:Pw-4711-xyz@tcp(db:3306)/orders', 'Pw-4711-xyz'],
    ['a connection string', 'Server=db;User Id=app;Password=Pw-4711-xyz;', 'Pw-4711-xyz'],
    ['a file of settings', 'user: app\npassword: Pw-4711-xyz\n', 'Pw-4711-xyz'],
    ['a list', 'tok_Live4711aBcDeF,tok_Live0815gHiJkL', 'tok_Live0815gHiJkL'],
    ['Base64', Buffer.from('my-plain-secret-4711').toString('base64'), 'my-plain-secret-4711'],
    ['JSON', '{"username":"app","password":"Pw-4711-xyz","port":5432}', 'Pw-4711-xyz'],
  ])('%s: its secret part alone', (_, value, part) => {
    const redactor = createRedactor();
    learnSecret(redactor, 'S', value);
    expect(redactor.text(`user app on 5432: ${part} is wrong`)).toMatch(
      /^user app on 5432: «secret S[\w.]*» is wrong$/,
    );
  });

  it('a number, in text and in JSON, and no other number', () => {
    const redactor = knowing({ PIN: '48213377' });
    expect(redactor.value({ pin: 48213377, list: [48213377], year: 2026, other: 148213377 })).toEqual({
      pin: '«secret PIN»',
      list: ['«secret PIN»'],
      year: 2026,
      other: 148213377,
    });
    expect(redactor.text('4.8213377e+07, 48,213,377, 148213377')).toBe(
      '«secret PIN», «secret PIN», 148213377',
    );
  });

  it('with %u, and with orders to a terminal in the middle', () => {
    const redactor = knowing({ S: 'pässwörd-of-4711' });
    for (const text of [
      'p%u00E4ssw%u00F6rd-of-4711',
      'pässw\u001B]0;title\u0007örd-of-4711',
      'pässw\u009B31mörd-of-4711',
    ])
      expect(redactor.text(`<${text}>`)).toBe('<«secret S»>');
  });
});

describe('a secret stays one', () => {
  const token = 'sk_live_4711abcDEFghijklmnop';

  it('where a plain variable has it, too, which a name does not', () => {
    const redactor = knowing({ S: token, TABLE_KEY: 'mini-dev-notes-table' });
    redactor.publish([token, 'mini-dev-notes-table']);
    expect(redactor.text(`${token} mini-dev-notes-table`)).toBe('«secret S» mini-dev-notes-table');
  });

  it('where somebody writes our mark around it', () => {
    const redactor = knowing({ S: token });
    expect(redactor.text(`«secret ${token}» «secret X ${token}»`)).not.toContain(token);
  });
});

describe('the number of an account', () => {
  it('is in every ARN, and no secret of a store by itself', () => {
    const redactor = createRedactor();
    learnValues(redactor, new SecretValues({ AWS_ACCOUNT_ID: '123456789012', API_TOKEN: '210987654321' }));
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:x';
    expect(redactor.text(`${arn} 210987654321`)).toBe(`${arn} «secret API_TOKEN»`);
  });
});

describe('the shape of what is shown', () => {
  it('keeps JSON valid, and takes secrets out of keys too', () => {
    const redactor = knowing({ S: 'a"b\\c-secret-value' });
    const value = { list: ['x a"b\\c-secret-value'], 'a"b\\c-secret-value': 1, none: null, flag: true };
    expect(redactor.value(value)).toEqual({
      list: ['x «secret S»'],
      '«secret S»': 1,
      none: null,
      flag: true,
    });
    expect(JSON.parse(redactor.text(JSON.stringify(value)))).toEqual(redactor.value(value));
  });

  it('what was cut off is taken out as far as it goes', () => {
    const redactor = knowing({ S: 'sk_live_4711abcdefghijklmnop' });
    expect(redactor.text('used sk_live_4711abcd…')).toBe('used «secret S»…');
    expect(redactor.text('used sk_live')).toBe('used sk_live');
    for (const end of ['', '\nnext', '"', ' (truncated)', '[...]'])
      expect(redactor.text(`used sk_live_4711abcd${end}`)).toBe(`used «secret S»${end}`);
    const run = Buffer.from('password=sk_live_4711abcd').toString('base64');
    expect(redactor.text(`${run.slice(0, 32)}…`)).toBe(`${run.slice(0, 12)}«secret S»…`);
  });

  it('done twice is done once', () => {
    const redactor = knowing({ 'secret-of-mine': 'secret-of-mine-is-long' });
    const once = redactor.text('x secret-of-mine-is-long y');
    expect(redactor.text(once)).toBe(once);
  });

  it('learns during a run', () => {
    const redactor = createRedactor();
    expect(redactor.text('issued 4711abcdefgh')).toBe('issued 4711abcdefgh');
    redactor.learn('NEW', '4711abcdefgh');
    expect(redactor.text('issued 4711abcdefgh')).toBe('issued «secret NEW»');
  });

  it.each([
    [
      'JSON with 400 secrets',
      JSON.stringify({ arn: 'arn:aws:lambda:eu-west-1:123456789012:function:x', n: 'é' }).repeat(24_000),
    ],
    ['Base64', Buffer.from('hello, this is a text. '.repeat(130_000)).toString('base64')],
    [
      'JSON in JSON in JSON',
      JSON.stringify(
        JSON.stringify(JSON.stringify(Array.from({ length: 30_000 }, (_, n) => ({ n: `"${n}"` })))),
      ),
    ],
  ])('is quick: %s', (_, text) => {
    const redactor = createRedactor();
    for (let index = 0; index < 400; index += 1)
      redactor.learn(`K${index}`, `${index}-a-rather-long-secret-${index * 7919}`);
    const before = process.cpuUsage();
    expect(redactor.text(text)).toBe(text);
    // Some 0.5 to 1.5 s of a processor; many times that would be quadratic.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(8);
  });
});
