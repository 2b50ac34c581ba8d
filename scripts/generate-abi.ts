import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { EthereumDIDRegistry } from 'ethr-did-resolver'
import solc from 'solc'

const contracts = join(import.meta.dirname, '../packages/registry/contracts')
const committed = join(import.meta.dirname, '../packages/registry/src/abi.ts')
const require = createRequire(import.meta.url)

interface Artifact {
  abi: readonly unknown[]
  bytecode: string
}

interface CompilerOutput {
  errors?: { formattedMessage: string }[]
  contracts?: Record<string, Record<string, { abi: unknown[]; evm: { bytecode: { object: string } } }>>
}

/** The text of packages/registry/src/abi.ts: reproducible, since the bytecode carries no metadata hash. */
export function generateAbi(): string {
  const { abi, bytecode } = EthereumDIDRegistry
  return [
    '// Written by scripts/generate-abi.ts; do not edit.',
    ...declare('statusRegistry', compile('StatusRegistry')),
    '// ERC-1056, as ethr-did-resolver carries it.',
    ...declare('didRegistry', { abi, bytecode }),
    '',
  ].join('\n')
}

function compile(name: string): Artifact {
  const files = readdirSync(contracts).filter((file) => file.endsWith('.sol'))
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(files.map((file) => [file, { content: readFileSync(join(contracts, file), 'utf8') }])),
    settings: {
      optimizer: { enabled: true, runs: 1_000_000 },
      viaIR: true,
      evmVersion: 'cancun',
      metadata: { bytecodeHash: 'none' },
      outputSelection: { [`${name}.sol`]: { [name]: ['abi', 'evm.bytecode.object'] } },
    },
  }
  const output: CompilerOutput = JSON.parse(solc.compile(JSON.stringify(input), { import: readLibrary }))
  const compiled = output.contracts?.[`${name}.sol`]?.[name]
  if (output.errors || !compiled) {
    throw new Error(output.errors?.map((error) => error.formattedMessage).join('\n') ?? `no contract ${name}`)
  }
  return { abi: compiled.abi, bytecode: `0x${compiled.evm.bytecode.object}` }
}

function readLibrary(path: string): { contents: string } {
  return { contents: readFileSync(require.resolve(path), 'utf8') }
}

function declare(name: string, { abi, bytecode }: Artifact): string[] {
  return [
    `export const ${name}Abi = [`,
    ...abi.map((entry) => `  ${JSON.stringify(entry)},`),
    '] as const',
    '',
    `export const ${name}Bytecode =`,
    `  '${bytecode}' as const`,
    '',
  ]
}

if (import.meta.main) {
  const generated = generateAbi()
  if (!process.argv.includes('--check')) writeFileSync(committed, generated)
  else if (readFileSync(committed, 'utf8') !== generated) {
    console.error(
      'packages/registry/src/abi.ts is not what the contracts compile to: run `node scripts/generate-abi.ts`.',
    )
    process.exitCode = 1
  }
}
