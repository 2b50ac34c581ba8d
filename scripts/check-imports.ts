import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult, type IViolation } from 'dependency-cruiser'
import { importRules } from './import-rules.ts'
import { scanModule } from './scan-module.ts'

const folders = ['packages', 'migrations', 'scripts', 'test']

/** One line for each import or read of the environment that breaks a rule, sorted by file. */
export async function checkImports(root: string): Promise<{ files: number; findings: string[] }> {
  const { modules, summary } = await cruiseSources(root)
  const files = modules
    .map((module) => module.source)
    .filter((file) => /^(packages|migrations|scripts|test)\/.*\.[jt]s$/.test(file))
  const findings = [...summary.violations.map(describe), ...files.flatMap((file) => scanModule(root, file))]
  return { files: files.length, findings: findings.sort() }
}

async function cruiseSources(root: string): Promise<ICruiseResult> {
  const { output } = await cruise(
    folders.filter((folder) => existsSync(join(root, folder))),
    {
      baseDir: root,
      parser: 'swc', // TypeScript 7 has no JavaScript API
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '^(packages/[^/]+|migrations)/dist/' },
      validate: true,
      ruleSet: { forbidden: importRules },
    },
    { exportsFields: ['exports'], conditionNames: ['@consulate/source', 'node', 'import', 'default'] },
  )
  return output as ICruiseResult
}

function describe({ from, to, rule, cycle }: IViolation): string {
  const path = cycle ? cycle.map((step) => step.name).join(' -> ') : to
  const why = importRules.find(({ name }) => name === rule.name)?.comment
  return `${from} -> ${path}\n  ${rule.name}: ${why}`
}

if (import.meta.main) {
  const { files, findings } = await checkImports(process.argv[2] ?? join(import.meta.dirname, '..'))
  for (const finding of findings) console.error(finding)
  console.log(`${files} files, ${findings.length} broken import rules`)
  process.exitCode = findings.length > 0 || files === 0 ? 1 : 0
}
