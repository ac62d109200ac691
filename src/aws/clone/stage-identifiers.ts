import type { JsonObject } from '../../transfer/json.ts';
import { StateValues } from '../state-values.ts';

interface StageOf {
  /** Id of the API. */
  readonly api: string;
  readonly stage: string;
}

/**
 * @param before values of the source's stage
 * @returns ARNs and URL of a new stage: those of the source with the id of the new API, and at their ends the new name
 */
export function stageIdentifiers(before: JsonObject, from: StageOf, to: StageOf): Record<string, string> {
  const values = new StateValues(before);
  return Object.fromEntries(
    ['arn', 'execution_arn', 'invoke_url'].flatMap((name) => {
      const text = values.text(name);
      if (text === undefined) return [];
      const moved = text.replaceAll(from.api, to.api);
      const end = `/${from.stage}`;
      return [[name, moved.endsWith(end) ? `${moved.slice(0, -end.length)}/${to.stage}` : moved]];
    }),
  );
}
