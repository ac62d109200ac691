/** Providers whose resources exist in the state only: in no cloud, hence nobody's. */
export const localTypes = /^(?:null|random|time|tls|local|archive|external|template)_|^terraform_data$/;
