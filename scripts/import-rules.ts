import type { IRegularForbiddenRuleType } from 'dependency-cruiser'

/** Every package and, of ours, what it may import. */
const mayImport: Record<string, string[]> = {
  core: [],
  registry: ['core'],
  sdk: ['core', 'registry'],
  server: ['core'],
  issuer: ['core', 'registry', 'sdk', 'server', 'migrations'],
  wallet: ['core', 'registry', 'sdk', 'server', 'migrations'],
  verifier: ['core', 'registry', 'sdk', 'server', 'migrations'],
  cli: ['core', 'registry', 'sdk', 'server', 'issuer', 'wallet', 'verifier'],
  migrations: [],
}

const ours = '^(packages/[^/]+|migrations)/'
const tests = ['\\.test\\.ts$', '^test/', '^scripts/']
const service = '^packages/(issuer|wallet|verifier)/src/'
const rulesOfService = `${service}(use-cases/|ports[/.])`
const doorsOfService = `${service}(routes|jobs)/`

/** `$1` in `to` is what the first group of `from.path` matched: the package itself. */
export const importRules: IRegularForbiddenRuleType[] = [
  ...Object.entries(mayImport).map(([name, others]) =>
    wall(
      `${name}-walls`,
      `Of ours, ${name} imports ${others.join(', ') || 'nothing'}.`,
      { path: folder(name) },
      { path: ours, pathNot: [name, ...others].map(folder) },
    ),
  ),
  wall(
    'package-without-walls',
    'A new package needs its row in scripts/import-rules.ts.',
    { path: ours, pathNot: Object.keys(mayImport).map(folder) },
    {},
  ),

  wall(
    'core-is-pure',
    'Of Node, core imports node:crypto, node:zlib and node:buffer; everything else is a port.',
    { path: folder('core') },
    { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|zlib|buffer)$' },
  ),
  wall(
    'core-libraries',
    'core knows no chain, database, HTTP or agent framework.',
    { path: folder('core') },
    { path: library('viem', 'ethers', 'typeorm', 'express', '@veramo') },
  ),

  wall(
    'sdk-loads-registry-lazily',
    'viem takes 0.2 s to load: use `await import()` for values and `import type` for types.',
    { path: folder('sdk') },
    { path: folder('registry'), dependencyTypesNot: ['dynamic-import', 'type-only', 'type-import'] },
  ),
  wall(
    'sdk-libraries',
    'The sdk runs without a Consulate server.',
    { path: folder('sdk') },
    { path: library('typeorm', '@veramo') },
  ),
  wall(
    'sdk-express-apart',
    "express belongs to the sdk's ./express entry alone.",
    { path: folder('sdk'), pathNot: '^packages/sdk/src/express[/.]' },
    { path: library('express') },
  ),

  wall(
    'use-case-walls',
    'Use cases and ports import core and the rules of their own service; the rest is passed in.',
    { path: rulesOfService },
    { path: ours, pathNot: ['^packages/core/', '^packages/$1/src/(?!adapters/|routes/|jobs/|(app|main)[.]ts$)'] },
  ),
  wall(
    'use-case-libraries',
    'Use cases and ports know no HTTP, database, chain or agent framework.',
    { path: rulesOfService },
    { path: library('viem', 'ethers', 'typeorm', 'express', '@veramo') },
  ),
  wall(
    'ports-are-types',
    'Ports and the context arrive as arguments: use `import type`.',
    { path: `${service}(use-cases|routes|jobs)/` },
    { path: '^packages/$1/src/(ports[/.]|context[.]ts$)', dependencyTypesNot: ['type-only', 'type-import'] },
  ),
  wall(
    'route-walls',
    'Routes and jobs import use cases, records, their own schemas, server and core.',
    { path: doorsOfService },
    {
      path: ours,
      pathNot: [
        '^packages/(core|server)/',
        '^packages/$1/src/(routes/|jobs/|use-cases/|schemas?[/.]|ports[/.]|records[.]ts$|context[.]ts$)',
      ],
    },
  ),
  wall(
    'route-libraries',
    'Routes and jobs know no database, chain or agent framework.',
    { path: doorsOfService },
    { path: library('viem', 'ethers', 'typeorm', '@veramo') },
  ),
  wall(
    'context-joins-adapters',
    'context.ts alone joins ports and adapters.',
    { path: service, pathNot: `${service}(adapters/|context[.]ts$)` },
    { path: '^packages/$1/src/adapters/' },
  ),
  wall(
    'migrations-by-adapters',
    "Only a service's adapters import migrations.",
    { path: '^packages/', pathNot: `${service}adapters/` },
    { path: folder('migrations') },
  ),
  wall(
    'services-run-by-up',
    'The cli imports services only to run them: commands/up.ts, up/ and commands/{issuer,wallet,verifier}.ts.',
    { path: folder('cli'), pathNot: '^packages/cli/src/(up/|commands/(up|issuer|wallet|verifier)[.]ts$)' },
    { path: '^packages/(issuer|wallet|verifier)/' },
  ),

  wall('no-tests-in-production', 'What is shipped imports no test and no script.', { path: ours }, { path: tests }),
  rule(
    'no-deep-import',
    'Import another package by its name.',
    { path: ours },
    { path: ours, pathNot: '^$1/', dependencyTypes: ['local'] },
  ),
  rule(
    'not-exported',
    'The package does not export this path; import its name, and list the export in its index.ts.',
    {},
    { path: '^(@consulate|consulate)(/|$)', couldNotResolve: true },
  ),
  rule('no-cycle', 'Imports run in one direction, those of types too.', {}, { circular: true }),
]

/** A rule that tests and scripts are exempt from. */
function wall(
  name: string,
  comment: string,
  from: { path: string; pathNot?: string | string[] },
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType {
  return rule(name, comment, { path: from.path, pathNot: tests.concat(from.pathNot ?? []) }, to)
}

function rule(
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType {
  return { name, severity: 'error', comment, from, to }
}

function folder(name: string): string {
  return name === 'migrations' ? '^migrations/' : `^packages/${name}/`
}

function library(...names: string[]): string {
  return `(^|node_modules/)(${names.join('|')})(/|$)`
}
