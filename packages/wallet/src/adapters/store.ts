import { DomainError } from '@consulate/core'
import { type Database, findPage, forgetKeys, isUniqueViolation, lockName, recordRemoval } from '@consulate/server'
import { Not } from 'typeorm'
import type { Store } from '../ports.ts'
import { AgentEntity, CredentialEntity, PresentationEntity, RotationEntity } from './entities.ts'

/** The wallet's records in a SQL database, through TypeORM. */
export function createStore(database: Database): Store {
  return {
    once: (work, prepare) => database.once((_tx, prepared) => work(prepared), prepare),
    transaction: (work) => database.transaction(() => work()),
    forgetKeys: (receivedBefore) => forgetKeys(database, receivedBefore),
    async addAgent(agent) {
      try {
        await database.transaction((tx) => tx.insert(AgentEntity, agent))
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        throw new DomainError('agent_name_taken', `There is an agent named ${agent.name} already; choose another name.`)
      }
    },
    findAgent: async (did) => (await database.read.findOneBy(AgentEntity, { did })) ?? undefined,
    findAgentByName: async (name) => (await database.read.findOneBy(AgentEntity, { name })) ?? undefined,
    findAgentByToken: async (tokenHash) => (await database.read.findOneBy(AgentEntity, { tokenHash })) ?? undefined,
    listAgents: (page) => findPage(database.read, AgentEntity, 'did', page),
    removeAgent: (did, remover) =>
      database.transaction(async (tx) => {
        await lockName(tx, `agent ${did}`)
        await tx.delete(CredentialEntity, { agent: did })
        await tx.delete(PresentationEntity, { agent: did })
        await tx.delete(RotationEntity, { did })
        const { affected } = await tx.delete(AgentEntity, { did })
        if (!affected) return false
        await recordRemoval(tx, 'agent', did, remover)
        return true
      }),
    addCredential: (credential) =>
      database.transaction(async (tx) => {
        await lockName(tx, `agent ${credential.agent}`)
        if (!(await tx.existsBy(AgentEntity, { did: credential.agent }))) return false
        await tx.upsert(CredentialEntity, credential, ['id', 'agent'])
        return true
      }),
    findCredential: async (agent, id) => (await database.read.findOneBy(CredentialEntity, { agent, id })) ?? undefined,
    listCredentials: (agent) =>
      database.read.find(CredentialEntity, { where: { agent }, order: { storedAt: 'ASC', id: 'ASC' } }),
    removeCredential: (agent, id) =>
      database.transaction(async (tx) => ((await tx.delete(CredentialEntity, { agent, id })).affected ?? 0) > 0),
    addPresentation: (presentation, most) =>
      database.transaction(async (tx) => {
        const { agent, id } = presentation
        await lockName(tx, `agent ${agent}`)
        const others = await tx.countBy(PresentationEntity, { agent, id: Not(id) })
        if (others >= most || !(await tx.existsBy(AgentEntity, { did: agent }))) return false
        await tx.upsert(PresentationEntity, presentation, ['agent', 'id'])
        return true
      }),
    findPresentation: async (agent, id) =>
      (await database.read.findOneBy(PresentationEntity, { agent, id })) ?? undefined,
    listPresentations: (agent) =>
      database.read.find(PresentationEntity, { where: { agent }, order: { createdAt: 'ASC', id: 'ASC' } }),
    removePresentation: (agent, id) =>
      database.transaction(async (tx) => ((await tx.delete(PresentationEntity, { agent, id })).affected ?? 0) > 0),
    findRotation: async (did) => (await database.read.findOneBy(RotationEntity, { did })) ?? undefined,
    lockRotation: (did) =>
      database.transaction(async (tx) => {
        await lockName(tx, `rotation ${did}`)
        return (await tx.findOneBy(RotationEntity, { did })) ?? undefined
      }),
    saveRotation: (rotation) =>
      database.transaction(async (tx) => void (await tx.upsert(RotationEntity, rotation, ['did']))),
    moveRotation: ({ did, owner }, to) =>
      database.transaction(async (tx) => ((await tx.update(RotationEntity, { did, owner }, to)).affected ?? 0) > 0),
    openRotations: () =>
      database.read.find(RotationEntity, { where: { state: Not('final') }, order: { createdAt: 'ASC', did: 'ASC' } }),
  }
}
