import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { DomainError } from '@consulate/core'

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/** The binary of the platform's npm package, else `anvil` on the PATH. Throws `unavailable` when there is neither. */
export function anvilProgram(): string {
  const { platform, arch } = process
  const name = `@foundry-rs/anvil-${platform}-${architectures[arch] ?? arch}`
  try {
    const suffix = platform === 'win32' ? '.exe' : ''
    return createRequire(import.meta.url).resolve(`${name}/bin/anvil${suffix}`)
  } catch {
    if (spawnSync('anvil', ['--version']).status === 0) return 'anvil'
    throw new DomainError(
      'unavailable',
      `No local chain: neither the npm package ${name} nor an \`anvil\` on the PATH was found. Install Foundry (https://getfoundry.sh), or configure RPC URLs of an existing chain.`,
    )
  }
}
