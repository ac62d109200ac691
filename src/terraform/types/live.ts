/** Addresses of what no Terraform manages begin with it: they cannot be taken for those of a configuration. */
export const livePrefix = 'live.';

/** True for addresses of what was found in the account, or made by the direct engine. */
export const isLiveAddress = (address: string): boolean => address.startsWith(livePrefix);
