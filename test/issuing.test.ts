import { createKeyResolver, walletClient } from '@consulate/sdk'
import { expect } from 'chai'
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import { describeOnEach } from './system/databases.ts'
import { DOMAIN, type System, startSystem } from './system/start-system.ts'

describeOnEach('issuing a role', (database) => {
  let system: System

  before(async () => {
    system = await startSystem({ database })
    const role = { description: 'approves payments', maxValiditySeconds: 3600, sensitivity: 'high' as const }
    await system.clients.issuer.putRole('payments.approver', role)
    await system.clients.issuer.putRole('inventory.reader', {
      ...role,
      claimsSchema: { type: 'object', properties: { shop: { type: 'string' } }, required: ['shop'] },
    })
  })

  after(() => system?.stop())

  it('gives a VCDM 2.0 credential as vc+jwt, signed by the key that stands in the issuer’s document', async () => {
    const { did } = await system.clients.walletAdmin.createAgent('shape')
    const issued = await system.clients.issuer.issueRole(did, {
      role: 'payments.approver',
      operator: 'ops@example.com',
      constraints: { maxAmount: 100 },
    })
    const token = issued.verifiableCredential
    expect(decodeProtectedHeader(token)).to.include({ alg: 'EdDSA', typ: 'vc+jwt' })
    const credential = decodeJwt(token)
    expect(credential).to.not.have.any.keys('vc', 'nbf')
    expect(credential['@context']).to.be.an('array').that.has.lengthOf(2)
    expect(credential.type).to.deep.equal(['VerifiableCredential', 'AgentRoleCredential'])
    expect(credential.issuer).to.equal(system.issuer.did)
    expect(credential.credentialSubject).to.deep.equal({
      id: did,
      role: 'payments.approver',
      sensitivity: 'high',
      operator: 'ops@example.com',
      constraints: { maxAmount: 100 },
    })
    expect(credential.iat).to.equal(Date.parse(String(credential.validFrom)) / 1000)
    await jwtVerify(token, await issuerKey(decodeProtectedHeader(token).kid!), { typ: 'vc+jwt' })
  })

  it('gives every credential indices of its own, in no order that one could guess', async () => {
    const { did } = await system.clients.walletAdmin.createAgent('indices')
    const issue = () => system.clients.issuer.issueRole(did, { role: 'payments.approver', operator: 'ops@example.com' })
    const issued = await Promise.all(Array.from({ length: 200 }, issue))
    for (const purpose of ['revocation', 'suspension']) {
      const indices = issued.map(({ verifiableCredential }) => statusIndex(verifiableCredential, purpose))
      expect(new Set(indices).size).to.equal(200)
      const steps = indices.toSorted((a, b) => a - b).map((index, i, all) => index - (all[i - 1] ?? 0))
      expect(steps.filter((step) => step === 1)).to.have.length.below(20)
    }
  })

  it('refuses what no verifier would read, and nothing else', async () => {
    const agent = await system.clients.walletAdmin.createAgent('limits')
    const wallet = walletClient({ url: system.wallet.url, token: agent.token }, agent.did)
    const issue = async (constraints: Record<string, unknown>) => {
      const grant = { role: 'payments.approver', operator: 'ops@example.com', constraints }
      const { verifiableCredential } = await system.clients.issuer.issueRole(agent.did, grant)
      await wallet.store(verifiableCredential)
    }
    const outcome = (constraints: Record<string, unknown>) =>
      issue(constraints).then(
        () => 'accepted',
        (error) => `${error.status} ${error.code}`,
      )
    const largest = await highest(20_000, async (size) => (await outcome({ x: 'x'.repeat(size) })) === 'accepted')
    expect(largest).to.be.above(10_000)
    // The indices of a credential have one digit or six.
    const around = Array.from({ length: 30 }, (_, i) => outcome({ x: 'x'.repeat(largest - 60 + 4 * i) }))
    expect(new Set(await Promise.all(around))).to.deep.equal(new Set(['accepted', '400 invalid_request']))
    const deepest = await highest(40, async (depth) => (await outcome(nested(depth))) === 'accepted')
    expect(deepest).to.equal(29)
    expect(await outcome(nested(deepest + 1))).to.equal('400 invalid_request')
  })

  it('refuses to define a role whose claims it could not check at once', async () => {
    const role = { description: 'reads stock', maxValiditySeconds: 3600, sensitivity: 'low' as const }
    for (const claimsSchema of [
      { $async: true, type: 'object' },
      { type: 'object', properties: { shop: { type: 'string', pattern: '^(a)\\1$' } } },
    ]) {
      const refusal = system.clients.issuer.putRole('stock.reader', { ...role, claimsSchema })
      expect(await refusal.catch((error) => error)).to.include({ status: 422, code: 'claims_invalid' })
    }
  })

  it('refuses a role that nobody defined, a lifetime beyond the role’s, and claims that do not fit', async () => {
    const { did } = await system.clients.walletAdmin.createAgent('refusals')
    const refusal = async (grant: object) => {
      const wish = { role: 'payments.approver', operator: 'ops@example.com', ...grant }
      return system.clients.issuer.issueRole(did, wish).then(
        () => 'issued',
        (error) => `${error.status} ${error.code}`,
      )
    }
    expect(await refusal({ role: 'payments.owner' })).to.equal('404 role_unknown')
    expect(await refusal({ validForSeconds: 3601 })).to.equal('422 validity_too_long')
    expect(await refusal({ claims: { shop: 'Ulm' } })).to.equal('422 claims_invalid')
    expect(await refusal({ role: 'inventory.reader', claims: { shop: 7 } })).to.equal('422 claims_invalid')
    expect(await refusal({ role: 'inventory.reader', claims: { shop: 'Ulm' } })).to.equal('issued')
  })

  it('tells a resource server who the agent is, which role it has, who answers for it, and how fresh that is', async () => {
    const agent = await system.agentWith('presenter', 'payments.approver')
    const verified = await system.present(agent, DOMAIN)
    expect(verified).to.deep.include({ verified: true, holder: agent.did })
    expect(verified.roles).to.have.lengthOf(1)
    expect(verified.roles[0]).to.deep.include({
      role: 'payments.approver',
      issuer: system.issuer.did,
      operator: 'ops@example.com',
      constraints: {},
      credentialId: agent.credential.id,
    })
    expect(verified.status.ageMs).to.be.within(0, 5_000)
  })

  async function issuerKey(kid: string) {
    const { verificationMethods } = await createKeyResolver({ chain: system.chain }).resolveKeys(system.issuer.did)
    return importJWK(verificationMethods.get(kid)!.publicKey!.export({ format: 'jwk' }), 'EdDSA')
  }
})

function statusIndex(token: string, purpose: string): number {
  const entries = decodeJwt(token).credentialStatus as { statusPurpose: string; statusListIndex: string }[]
  return Number(entries.find(({ statusPurpose }) => statusPurpose === purpose)?.statusListIndex)
}

function nested(depth: number): Record<string, unknown> {
  return { x: JSON.parse('['.repeat(depth) + ']'.repeat(depth)) }
}

/** The largest number up to `limit` for which this holds, if it holds for all below. */
async function highest(limit: number, holds: (value: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [1, limit]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (await holds(middle)) low = middle
    else high = middle - 1
  }
  return low
}
