import { type Address, concat, encodeDeployData, getCreate2Address, type Hex, zeroHash } from 'viem'
import { didRegistryBytecode, statusRegistryAbi, statusRegistryBytecode } from '../abi.ts'
import { lowerCase } from '../chain/lower-case.ts'

/** Arachnid's deterministic deployment proxy; its calldata is salt ‖ init code. */
export const DEPLOYMENT_PROXY: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'

export interface RegistryAddresses {
  didRegistry: Address
  statusRegistry: Address
}

/** Where `deployRegistries` puts them, the same on every chain; a StatusRegistry belongs to one ERC-1056. */
export function registryAddresses(existing?: Address): RegistryAddresses {
  const didRegistry = existing ? lowerCase(existing) : create2Address(didRegistryBytecode)
  return { didRegistry, statusRegistry: create2Address(statusRegistryInitCode(didRegistry)) }
}

export function statusRegistryInitCode(didRegistry: Address): Hex {
  return encodeDeployData({ abi: statusRegistryAbi, bytecode: statusRegistryBytecode, args: [didRegistry] })
}

export function deploymentCalldata(initCode: Hex): Hex {
  return concat([zeroHash, initCode])
}

function create2Address(bytecode: Hex): Address {
  return lowerCase(getCreate2Address({ from: DEPLOYMENT_PROXY, salt: zeroHash, bytecode }))
}
