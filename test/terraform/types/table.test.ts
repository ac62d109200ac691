import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { categories, type ResourceTypeFacts } from '../../../src/terraform/types/facts.ts';
import { resourceTypeRows, resourceTypes } from '../../../src/terraform/types/table.ts';

type Flag = 'r' | 'o' | 'oc' | 'c' | 'b';

const golden = JSON.parse(
  readFileSync(new URL('../../golden/provider-schema/aws-5.json', import.meta.url), 'utf8'),
) as { readonly types: Readonly<Record<string, Readonly<Record<string, Flag>>>> };

/** Types whose provider is not in the golden schema. */
const otherProviders = /^(?:null|random|time|tls|local|archive)_/;
const rows = resourceTypeRows.map((facts) => [facts.type, facts] as const);
const inSchema = rows.filter(([type]) => !otherProviders.test(type));

/** Path as in the golden schema: without list indices, and of maps only the map. */
const schemaPath = (path: string): string =>
  path
    .split('.')
    .map((segment) => segment.replace(/\[\]$/, ''))
    .filter((segment) => !/^\d+$/.test(segment))
    .join('.')
    .replace(/^tags\..*/, 'tags');

const templatePaths = (template: string | undefined): string[] =>
  [...(template ?? '').matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');

function pathsOf(facts: ResourceTypeFacts): string[] {
  return [
    ...facts.identity,
    ...(facts.generated ?? []),
    ...Object.keys(facts.identityDefaults ?? {}),
    ...Object.keys(facts.normalise ?? {}),
    ...(facts.nameAttribute === undefined ? [] : [facts.nameAttribute]),
    ...facts.limits.map(({ attribute }) => attribute),
    ...(facts.policies ?? []),
    ...(facts.modifies === undefined ? [] : [facts.modifies]),
    ...(facts.obstacles ?? []).flatMap(({ attribute, unless }) => [
      attribute,
      ...(unless ? [unless.attribute] : []),
    ]),
    ...templatePaths(facts.servicesLogGroup),
    ...(facts.servicesLogGroupIf ? [facts.servicesLogGroupIf.attribute] : []),
    ...(facts.servicesLogGroupAttribute === undefined ? [] : [facts.servicesLogGroupAttribute]),
  ];
}

describe('the table of resource types', () => {
  it('has each type once', () => {
    const types = resourceTypeRows.map(({ type }) => type);
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
    expect(resourceTypes.size).toBe(types.length);
  });

  it('knows what such projects use most', () => {
    expect(resourceTypes.size).toBeGreaterThan(200);
  });

  it('has rows of every category', () => {
    expect(new Set(resourceTypeRows.map(({ category }) => category))).toEqual(new Set(categories));
  });

  it.each(rows)('%s is complete', (type, facts) => {
    expect(type).toMatch(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/);
    expect(facts.title).toMatch(/^[A-Z]/);
    expect(new Set(facts.identity).size).toBe(facts.identity.length);
    // What is made up, defaulted or brought into a form must be part of the identity.
    for (const attribute of [...(facts.generated ?? []), ...Object.keys(facts.identityDefaults ?? {})]) {
      expect(facts.identity).toContain(attribute);
    }
    for (const attribute of Object.keys(facts.normalise ?? {})) expect(facts.identity).toContain(attribute);
    for (const attribute of facts.filledIn ?? []) expect(facts.identityDefaults).toHaveProperty(attribute);
    expect(facts.scope === 'server' && facts.identity.length > 0).toBe(false);
    expect(facts.scope === 'parent' && facts.identity.length === 0).toBe(false);
    for (const obstacle of facts.obstacles ?? []) {
      expect(obstacle.what).toContain('destroy');
      expect(obstacle.hint).toMatch(/\.$/);
    }
  });

  it.each(rows.filter(([, { limits }]) => limits.length > 0))(
    '%s has limits that can be checked',
    (_type, facts) => {
      for (const limit of facts.limits) {
        expect(limit.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
        expect(limit.maxLength).toBeGreaterThan(limit.minLength ?? 0);
        expect(limit.pattern === undefined).toBe(limit.allowed === undefined);
        // `u` is stricter than what an older engine takes; anchors are ours to add.
        expect(() => new RegExp(`^(?:${limit.pattern ?? ''})$`, 'u')).not.toThrow();
        expect(limit.pattern ?? '').not.toMatch(/^\^/);
      }
    },
  );

  it('covers every type of the AWS provider in the golden schema, and no other', () => {
    expect(inSchema.map(([type]) => type).sort()).toEqual(Object.keys(golden.types).sort());
  });

  it.each(inSchema)('%s names attributes that the provider has', (type, facts) => {
    const schema = golden.types[type] ?? {};
    const unknown = pathsOf(facts).filter((path) => schema[schemaPath(path)] === undefined);
    expect(unknown).toEqual([]);
  });

  it.each(inSchema)('%s says rightly whether it takes tags', (type, facts) => {
    const schema = golden.types[type] ?? {};
    expect(facts.taggable).toBe(schema['tags'] !== undefined || schema['tag'] === 'b');
  });

  // Without one of the two an identity would stay unknown for ever where the attribute is left out.
  it.each(inSchema)(
    '%s says what an optional attribute of its identity means when left out',
    (type, facts) => {
      const schema = golden.types[type] ?? {};
      const unexplained = facts.identity.filter((attribute) => {
        const flag = schema[schemaPath(attribute)];
        if (flag === 'r' || flag === 'c') return false;
        return !facts.generated?.includes(attribute) && facts.identityDefaults?.[attribute] === undefined;
      });
      expect(
        unexplained.map((attribute) => `${type}.${attribute}`).filter((each) => !leftOpen.has(each)),
      ).toEqual([]);
    },
  );

  it.each(inSchema)('%s knows which defaults the provider fills in', (type, facts) => {
    const schema = golden.types[type] ?? {};
    const computed = Object.keys(facts.identityDefaults ?? {}).filter(
      (attribute) => schema[attribute] === 'oc',
    );
    expect(computed).toEqual(facts.filledIn ?? []);
  });

  it.each(inSchema)('%s says of a name that can have a prefix that it can be generated', (type, facts) => {
    const schema = golden.types[type] ?? {};
    const withPrefix = facts.identity.filter((attribute) => schema[`${attribute}_prefix`] !== undefined);
    expect(withPrefix.filter((attribute) => !facts.generated?.includes(attribute))).toEqual([]);
  });

  it.each(inSchema)('%s has an obstacle for each protection that the provider offers', (type, facts) => {
    const protecting = Object.keys(golden.types[type] ?? {}).filter((path) =>
      /^(?:deletion_protection(?:_enabled)?|enable_deletion_protection|skip_final_snapshot|skip_destroy|recovery_window_in_days|deletion_window_in_days|force_delete|force_destroy|retain_on_delete|delete_automated_backups)$/.test(
        path,
      ),
    );
    const covered = new Set((facts.obstacles ?? []).map(({ attribute }) => attribute));
    expect(protecting.filter((path) => !covered.has(path) && !harmless.has(`${type}.${path}`))).toEqual([]);
  });
});

/** Optional and without a default that can be told from the resource alone. */
const leftOpen: ReadonlySet<string> = new Set([
  // The default VPC's id.
  'aws_security_group.vpc_id',
  'aws_default_security_group.vpc_id',
  'aws_service_discovery_service.namespace_id',
  'aws_sfn_alias.routing_configuration.0.state_machine_version_arn',
]);

/** Settings of these names that do not hinder a destroy. */
const harmless: ReadonlySet<string> = new Set([
  // Terraform drains the service or group itself; forcing only saves the wait.
  'aws_ecs_service.force_delete',
  'aws_autoscaling_group.force_delete',
  // Only of rules that AWS manages.
  'aws_cloudwatch_event_rule.force_destroy',
  'aws_cloudwatch_event_target.force_destroy',
  // The bucket is emptied, not the object.
  'aws_s3_object.force_destroy',
  // A default VPC or subnet stays unless asked for.
  'aws_default_vpc.force_destroy',
  'aws_default_subnet.force_destroy',
  'aws_rds_cluster_instance.force_destroy',
]);
