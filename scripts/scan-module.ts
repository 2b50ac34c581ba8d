import { join } from 'node:path'
import { parseFileSync } from '@swc/core'

type SyntaxNode = Record<string, unknown>

const mayReadEnvironment = /\/bin\/|^packages\/cli\/src\/|\.test\.ts$|^(test|scripts)\//

/** The findings that need a look inside a file, where an import graph shows nothing. */
export function scanModule(root: string, file: string): string[] {
  const nodes = [...walk(parseFileSync(join(root, file), { syntax: 'typescript' }))]
  const findings: string[] = []
  if (nodes.some(isInlineTypeImport)) {
    findings.push(`${file}\n  no-inline-type-import: Write \`import type\` at the top, where the walls are checked.`)
  }
  if (!mayReadEnvironment.test(file) && nodes.some(readsEnvironment)) {
    findings.push(`${file}\n  no-process-env: The command line reads the environment; take the value as an argument.`)
  }
  return findings
}

function* walk(value: unknown): Generator<SyntaxNode> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as SyntaxNode
  for (const child of Object.values(value)) yield* walk(child)
}

function isInlineTypeImport(node: SyntaxNode): boolean {
  return node.type === 'TsImportType'
}

/** `process.env`, `process['env']`, `const { env } = process`, `import { env } from 'node:process'`. */
function readsEnvironment(node: SyntaxNode): boolean {
  if (node.type === 'MemberExpression') return nameOf(node.property) === 'env' && nameOf(node.object) === 'process'
  if (node.type === 'VariableDeclarator') return nameOf(node.init) === 'process' && mentionsEnv(node.id)
  if (node.type === 'ImportDeclaration') return /^(node:)?process$/.test(`${nameOf(node.source)}`) && mentionsEnv(node)
  return false
}

function mentionsEnv(pattern: unknown): boolean {
  return [...walk(pattern)].some((node) => node.type === 'Identifier' && node.value === 'env')
}

function nameOf(expression: unknown): unknown {
  const node = expression as SyntaxNode | null | undefined
  if (node?.type === 'MemberExpression') return nameOf(node.property)
  if (node?.type === 'Computed') return nameOf(node.expression)
  return node?.value
}
