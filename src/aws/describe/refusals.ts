/** What cannot be described although it can be read. Their names are the reason that people see. */

/** Made and kept by AWS itself: it is nobody's to copy, and a description would make it look as if it were. */
export class KeptByAws extends Error {
  override readonly name = 'KeptByAws';

  /** @param what for example "the role AWSServiceRoleForRDS" */
  constructor(what: string) {
    super(`${what} is kept by AWS`);
  }
}

/** It has settings that are not read: left out silently, a copy would lack them. */
export class SettingsNotDescribed extends Error {
  override readonly name = 'SettingsNotDescribed';

  /** @param settings in the service's words */
  constructor(settings: readonly string[]) {
    super(`settings that are not described: ${settings.join(', ')}`);
  }
}

/** @throws SettingsNotDescribed where one of the given settings is set */
export function refuseSettings(values: Readonly<Record<string, unknown>>): void {
  const set = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0),
  );
  if (set.length > 0) throw new SettingsNotDescribed(set.map(([name]) => name));
}
