/** Terraform's addresses: `module.api["eu"].aws_lambda_function.handler[0]`. */

/** An instance key as it stands in an address: a number, or a string in HCL quotes. */
const instanceKey = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g;

/** Module path without instance keys: `module.api["eu"].module.inner` → `api.inner`; '' for the root module. */
export function modulePathOf(moduleAddress: string | undefined): string {
  if (moduleAddress === undefined || moduleAddress === '') return '';
  const words = moduleAddress.replaceAll(instanceKey, '').split('.');
  return words.filter((_word, index) => index % 2 === 1).join('.');
}

/** The address of the declaration that an instance comes from: `module.api["eu"].aws_x.y[0]` → `module.api.aws_x.y`. */
export function withoutInstanceKeys(address: string): string {
  return address.replaceAll(instanceKey, '');
}

/** A string as Terraform writes it in an address. Templates are escaped: the key `${a}` is shown as `"$${a}"`. */
function quoted(key: string): string {
  return JSON.stringify(key).replaceAll(/([$%])\{/g, '$1$1{');
}

export interface AddressParts {
  readonly module?: string | undefined;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key?: string | number | undefined;
  /** Key of an object that a failed replacement left behind. */
  readonly deposed?: string | undefined;
}

export function addressOf({ module, mode, type, name, key, deposed }: AddressParts): string {
  const prefix = module === undefined || module === '' ? '' : `${module}.`;
  const data = mode === 'data' ? 'data.' : '';
  const instance = key === undefined ? '' : `[${typeof key === 'number' ? String(key) : quoted(key)}]`;
  return `${prefix}${data}${type}.${name}${instance}${deposedSuffix(deposed)}`;
}

/** Terraform's own way to tell a deposed object from the current one in its messages. */
export function deposedSuffix(deposed: string | undefined): string {
  return deposed === undefined ? '' : ` (deposed ${deposed})`;
}
