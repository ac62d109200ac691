/** Values in the shape of Terraform's state: written by those who describe, read by those who clone. */
import { ProvisionError } from '../transfer/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../transfer/json.ts';
import { known } from './describe.ts';

type Maybe = Readonly<Record<string, Json | undefined>>;

/** A block of which there is one or none: a list of one object, or an empty list. */
export function block(values: Maybe | undefined): readonly JsonObject[] {
  return values === undefined ? [] : [known(values)];
}

/** A set as the state holds it. */
export function sorted(items: readonly (string | undefined)[] | undefined): readonly string[] {
  return (items ?? []).filter((item): item is string => item !== undefined).sort();
}

/** Tags that begin so are AWS's own: the provider leaves them out, and no service lets one set them. */
function withoutOwn(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !name.startsWith('aws:')));
}

/** What is live cannot tell which tags came from a provider's `default_tags`: both attributes hold all of them. */
export function tagged(tags: Readonly<Record<string, string>> | undefined): JsonObject {
  return { tags: withoutOwn(tags ?? {}), tags_all: withoutOwn(tags ?? {}) };
}

const unread = 'settings_not_read';

/**
 * Settings of a thing for which its values have no place: a copy would lack them, so it is refused. What only compares
 * the thing with what Terraform knows of it need not know them.
 *
 * @param settings in the service's words, with what they are set to; what is not set, or switched off, is passed over
 */
export function settingsNotRead(settings: Readonly<Record<string, unknown>>): JsonObject {
  const set = Object.entries(settings).flatMap(([name, value]) => (isSet(value) ? [name] : []));
  return set.length === 0 ? {} : { [unread]: set };
}

const isSet = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : value !== undefined && value !== null && value !== '' && value !== false;

/** Reads values leniently where something may lack, and with an error of the user's kind where it must not. */
export class StateValues {
  readonly #values: JsonObject;

  constructor(values: JsonObject) {
    this.#values = values;
  }

  /** `undefined` where it is absent or empty: the provider writes both for "not set". */
  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** One of a service's own words. Not checked: the service says which it does not know. */
  word<Word extends string>(name: string, otherwise?: Word): Word | undefined {
    return (this.text(name) as Word | undefined) ?? otherwise;
  }

  /** A list of them; `otherwise` where there are none. */
  words<Word extends string>(name: string, otherwise?: Word[]): Word[] | undefined {
    return (this.texts(name) as Word[] | undefined) ?? otherwise;
  }

  /** @throws ProvisionError `configuration-invalid` that names the attribute */
  needed(name: string): string {
    const value = this.text(name);
    if (value === undefined)
      throw new ProvisionError('configuration-invalid', `the values have no ${name}`, {
        hint: 'Take the inventory of the source again: it was described without it.',
      });
    return value;
  }

  number(name: string): number | undefined {
    const value = this.#values[name];
    return typeof value === 'number' ? value : undefined;
  }

  /** For numbers of which 0 means "not set". */
  positive(name: string): number | undefined {
    const value = this.number(name);
    return value === undefined || value <= 0 ? undefined : value;
  }

  flag(name: string): boolean | undefined {
    const value = this.#values[name];
    return typeof value === 'boolean' ? value : undefined;
  }

  /** `undefined` where there are none. */
  texts(name: string): string[] | undefined {
    const value = this.#values[name];
    if (!Array.isArray(value)) return undefined;
    const found = value.filter((each: unknown): each is string => typeof each === 'string');
    return found.length === 0 ? undefined : found;
  }

  /** A map of texts; `undefined` where it is empty. */
  map(name: string): Record<string, string> | undefined {
    const value = this.#values[name];
    if (!isJsonObject(value)) return undefined;
    const entries = Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  /** A map of numbers. */
  numbers(name: string): Record<string, number> | undefined {
    const value = this.#values[name];
    if (!isJsonObject(value)) return undefined;
    const entries = Object.entries(value).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    );
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  /** As it stands there, for what is passed on whatever it is. */
  raw(name: string): Json | undefined {
    return this.#values[name];
  }

  /** A map of flags; `undefined` where it is empty. */
  flags(name: string): Record<string, boolean> | undefined {
    const value = this.#values[name];
    if (!isJsonObject(value)) return undefined;
    const entries = Object.entries(value).filter(
      (entry): entry is [string, boolean] => typeof entry[1] === 'boolean',
    );
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }

  /** See `settingsNotRead`. */
  get settingsNotRead(): readonly string[] {
    return this.texts(unread) ?? [];
  }

  blocks(name: string): readonly StateValues[] {
    const value = this.#values[name];
    return Array.isArray(value)
      ? value.filter((each) => isJsonObject(each)).map((each) => new StateValues(each))
      : [];
  }

  block(name: string): StateValues | undefined {
    return this.blocks(name)[0];
  }

  /** All tags, those of a provider's `default_tags` included. */
  get tags(): Record<string, string> {
    return withoutOwn({ ...this.map('tags_all'), ...this.map('tags') });
  }

  /** The same as a list; `undefined` where there are none, for some services refuse an empty one. */
  get tagList(): { Key: string; Value: string }[] | undefined {
    const entries = Object.entries(this.tags);
    return entries.length === 0 ? undefined : entries.map(([Key, Value]) => ({ Key, Value }));
  }
}
