import { variables } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import { parseVariable } from './parse-variable.ts'

/** Those of the option, else of the environment, else of what runs here. */
export function rpcUrlsOf(env: Env, option: readonly string[] | undefined, running?: string): string[] {
  if (option) return parseVariable('--rpc-url', option.join(','), variables.rpcUrls)
  return parseVariable('CONSULATE_RPC_URLS', env.CONSULATE_RPC_URLS || running, variables.rpcUrls)
}
