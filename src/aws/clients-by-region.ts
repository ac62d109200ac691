import type { AwsClients } from './clients.ts';

export interface ClientsByRegion {
  readonly clientsFor: (region: string) => AwsClients;
  close(): void;
}

/** Clients for each region, made once. */
export function createClientsByRegion(make: (region: string) => AwsClients): ClientsByRegion {
  const made = new Map<string, AwsClients>();
  return {
    clientsFor(name) {
      // `global` is no region: any will do.
      const region = name === 'global' ? ([...made.keys()][0] ?? 'us-east-1') : name;
      const clients = made.get(region) ?? make(region);
      made.set(region, clients);
      return clients;
    },
    close() {
      for (const clients of made.values()) clients.close();
    },
  };
}
