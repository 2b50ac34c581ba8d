import { expect } from 'chai'
import { DomainError } from '../errors.ts'
import { CHALLENGE, DOMAIN, keysOf, NOW, newSigner, newWorld, ROLE, signToken } from './signed.test.ts'
import { type PresentationDemand, verifyPresentation } from './verify-presentation.ts'

const DEMAND: PresentationDemand = { domain: DOMAIN, challenge: CHALLENGE }

describe('verifying a presentation', () => {
  let world: ReturnType<typeof newWorld>

  beforeEach(() => {
    world = newWorld()
  })

  const verify = (token: string, demand = DEMAND) => verifyPresentation(world.ports, token, demand)
  const refusal = (token: string, demand = DEMAND): Promise<string> =>
    verify(token, demand).then(
      () => 'allowed',
      (error) => (error as DomainError).code,
    )

  it('names the holder, its roles and the evidence', async () => {
    expect(await verify(world.presentation())).to.deep.equal({
      holder: world.holder.did,
      roles: [
        {
          role: ROLE,
          issuer: world.issuer.did,
          operator: 'ops@example.com',
          constraints: {},
          credentialId: 'urn:uuid:00000000-0000-4000-8000-000000000001',
          validUntil: '2026-01-01T01:00:00Z',
        },
      ],
      status: { headVersion: 7, ageMs: 10, anchored: true, anchorLagMs: 0, chainAgeMs: 5 },
    })
  })

  describe('refuses', () => {
    const cases: Record<string, [code: string, make: () => string]> = {
      'a credential in the place of a presentation': ['token_type_invalid', () => world.credential()],
      'a presentation in the place of a credential': [
        'token_type_invalid',
        () => world.presentation({ credentials: [world.presentation()] }),
      ],
      'alg none': ['algorithm_not_allowed', () => world.presentation({}, {}, { alg: 'none' })],
      'a key inside the header': ['header_not_allowed', () => world.presentation({}, {}, { jwk: {} })],
      'an unknown critical extension': ['header_not_allowed', () => world.presentation({}, {}, { crit: ['b64'] })],
      'a kid that is no absolute DID URL': ['header_not_allowed', () => world.presentation({}, {}, { kid: '#key' })],
      'an audience of several': [
        'presentation_malformed',
        () => world.presentation({}, { aud: [DOMAIN, 'https://b'] }),
      ],
      'another audience': ['domain_mismatch', () => world.presentation({ domain: 'https://other.example' })],
      'another challenge': ['challenge_mismatch', () => world.presentation({ challenge: 'another-challenge-here' })],
      'no expiry': ['presentation_malformed', () => world.presentation({}, { exp: undefined })],
      'a lifetime beyond 120 seconds': [
        'presentation_lifetime_too_long',
        () => world.presentation({}, { exp: NOW + 121 }),
      ],
      'an end before the beginning': ['presentation_lifetime_too_long', () => world.presentation({}, { exp: NOW })],
      'a signature from the future': ['presentation_not_yet_valid', () => world.presentation({ now: NOW + 61 })],
      'one that has expired': ['presentation_expired', () => world.presentation({ now: NOW - 181 })],
      'a member that the profile does not know': ['presentation_malformed', () => world.presentation({}, { vp: {} })],
      'no credential': ['presentation_malformed', () => world.presentation({ credentials: [] })],
      'nine credentials': [
        'presentation_malformed',
        () => world.presentation({ credentials: Array.from({ length: 9 }, () => world.credential()) }),
      ],
      'an issuer nobody trusts': ['issuer_not_trusted', () => credentialOf(newSigner())],
      'a trusted issuer for another role': [
        'issuer_not_trusted',
        () => world.presentation({ credentials: [world.credential({ role: 'payments.owner' })] }),
      ],
      'a credential that names another issuer than its signer': ['issuer_mismatch', () => spoofed()],
      'a credential whose signature is another one’s': [
        'signature_invalid',
        () => world.presentation({ credentials: [swapSignature(world.credential())] }),
      ],
      'a credential that has expired': [
        'credential_expired',
        () => world.presentation({ credentials: [world.credential({ validFrom: NOW - 7200, validUntil: NOW - 61 })] }),
      ],
      'a credential from the future': [
        'credential_not_yet_valid',
        () => world.presentation({ credentials: [world.credential({ validFrom: NOW + 61 })] }),
      ],
      'times in the token that differ from those of the credential': [
        'credential_malformed',
        () => world.presentation({ credentials: [world.credential({}, { exp: NOW + 9 })] }),
      ],
      'a credential without status': [
        'status_malformed',
        () => world.presentation({ credentials: [world.credential({}, { credentialStatus: [] })] }),
      ],
      'another context': [
        'credential_malformed',
        () => world.presentation({ credentials: [world.credential({}, { '@context': ['https://evil.example'] })] }),
      ],
      'a credential of somebody else': [
        'subject_mismatch',
        () => world.presentation({ credentials: [world.credential({ agent: newSigner().did })] }),
      ],
      'credentials of two subjects': [
        'subject_mismatch',
        () => world.presentation({ credentials: [world.credential(), world.credential({ agent: newSigner().did })] }),
      ],
      'a thief who names the victim as holder': ['holder_mismatch', () => world.presentation({ signer: newSigner() })],
      'an iss that is not the holder': ['holder_mismatch', () => world.presentation({}, { iss: newSigner().did })],
      'a signature that is another one’s': ['signature_invalid', () => swapSignature(world.presentation())],
    }
    for (const [what, [code, make]] of Object.entries(cases))
      it(what, async () => {
        expect(await refusal(make())).to.equal(code)
        expect([...world.used]).to.deep.equal([])
      })

    it('keys that may not do what they did', async () => {
      world.ports.issuerKeys = () => keysOf(world.issuer, ['authentication'])
      expect(await refusal(world.presentation())).to.equal('key_not_authorized')
      world = newWorld()
      world.ports.holderKeys = () => keysOf(world.holder, ['assertionMethod'])
      expect(await refusal(world.presentation())).to.equal('key_not_authorized')
    })

    it('a binding to another request, or none where one is asked for', async () => {
      const bound = world.presentation({ htm: 'POST', htu: 'https://api.example/pay' })
      const request = { ...DEMAND, htm: 'POST', htu: 'https://api.example/pay' }
      expect(await refusal(bound, request)).to.equal('allowed')
      expect(await refusal(bound, { ...request, htm: 'GET' })).to.equal('request_mismatch')
      expect(await refusal(bound, { ...request, htu: 'https://api.example/' })).to.equal('request_mismatch')
      expect(await refusal(world.presentation(), request)).to.equal('request_mismatch')
      for (const same of [
        'HTTPS://API.example:443/pay',
        'https://api.example/pay?id=1#top',
        'https://api.example/x/../pay',
      ])
        expect(await refusal(bound, { ...request, htu: same }), same).to.equal('allowed')
      for (const other of [
        'http://api.example/pay',
        'https://api.example:8443/pay',
        'https://api.example/Pay',
        'https://api.example/pay/',
        'https://user@api.example/pay',
        'https://api.example.evil.example/pay',
        'https://evil.example/?https://api.example/pay',
        'pay',
      ])
        expect(await refusal(bound, { ...request, htu: other }), other).to.equal('request_mismatch')
      const unbound = await verifyPresentation(world.ports, world.presentation(), request).catch(
        ({ message }) => message,
      )
      expect(unbound).to.include('bound to no request')
    })
  })

  it('keeps to 60 seconds of skew at both ends', async () => {
    for (const now of [NOW + 60, NOW - 179]) expect(await refusal(world.presentation({ now }))).to.equal('allowed')
    expect(await refusal(world.presentation({ now: NOW + 61 }))).to.equal('presentation_not_yet_valid')
    expect(await refusal(world.presentation({ now: NOW - 180 }))).to.equal('presentation_expired')
    const credentials = (validFrom: number, validUntil: number) => [world.credential({ validFrom, validUntil })]
    for (const [from, until] of [
      [NOW + 60, NOW + 600],
      [NOW - 600, NOW - 59],
    ] as const)
      expect(await refusal(world.presentation({ credentials: credentials(from, until) }))).to.equal('allowed')
    expect(await refusal(world.presentation({ credentials: credentials(NOW - 600, NOW - 60) }))).to.equal(
      'credential_expired',
    )
  })

  it('lets a good presentation vouch for no forged one, though both are checked with the same ports and demand', async () => {
    const demand = Object.freeze({ ...DEMAND })
    const thief = newSigner()
    const victim = world.holder.did
    for (let time = 0; time < 3; time++) {
      expect(await refusal(world.presentation(), demand)).to.equal('allowed')
      expect(await refusal(world.presentation({ signer: thief }), demand)).to.equal('holder_mismatch')
      const inHerName = world.presentation({ signer: thief }, { iss: victim }, { kid: world.holder.kid })
      expect(await refusal(inHerName, demand)).to.equal('signature_invalid')
    }
  })

  it('asks for the holder’s keys only once a trusted issuer has named the holder', async () => {
    const asked: string[] = []
    world.ports.holderKeys = (did) => {
      asked.push(did)
      return keysOf(world.holder)
    }
    await refusal(credentialOf(newSigner()))
    expect(asked).to.deep.equal([])
  })

  it('uses a challenge up before it asks for the status, so that a refused agent cannot try again with it', async () => {
    world.ports.status = () => {
      throw new DomainError('credential_revoked', 'revoked')
    }
    expect(await refusal(world.presentation())).to.equal('credential_revoked')
    expect([...world.used]).to.deep.equal([CHALLENGE])
  })

  it('remembers a credential it checked, by its exact bytes, until the keys of its issuer change', async () => {
    const credentials = [world.credential()]
    await verify(world.presentation({ credentials }))
    const [remembered] = world.memory.values()
    await verify(world.presentation({ credentials }))
    expect([...world.memory.values()][0]).to.equal(remembered)
    world.ports.issuerKeys = () => keysOf(newSigner())
    expect(await refusal(world.presentation({ credentials }))).to.equal('key_not_found')
  })

  it('asks for trust, period and status of a remembered credential every time', async () => {
    const credentials = [world.credential({ validUntil: NOW + 90 })]
    await verify(world.presentation({ credentials }))
    world.ports.now = () => NOW + 151
    expect(await refusal(world.presentation({ credentials, now: NOW + 151 }))).to.equal('credential_expired')
    world.ports.trust = () => undefined
    expect(await refusal(world.presentation({ credentials, now: NOW + 151 }))).to.equal('issuer_not_trusted')
  })

  it('takes the stricter of the credential’s sensitivity and the verifier’s', async () => {
    const asked: string[] = []
    world.ports.status = ({ sensitivity }) => {
      asked.push(sensitivity)
      return { headVersion: 1, ageMs: 0, anchored: true, anchorLagMs: 0, chainAgeMs: 0 }
    }
    world.ports.trust = () => ({ minSensitivity: 'medium' })
    for (const sensitivity of ['low', 'medium', 'high'] as const)
      await verify(world.presentation({ credentials: [world.credential({ sensitivity })] }))
    expect(asked).to.deep.equal(['medium', 'medium', 'high'])
  })

  function credentialOf(stranger: ReturnType<typeof newSigner>): string {
    const payload = JSON.parse(Buffer.from(world.credential().split('.')[1]!, 'base64url').toString())
    const token = signToken(stranger, 'vc+jwt', { ...payload, issuer: stranger.did })
    return world.presentation({ credentials: [token] })
  }

  function spoofed(): string {
    const payload = JSON.parse(Buffer.from(world.credential().split('.')[1]!, 'base64url').toString())
    return world.presentation({ credentials: [signToken(newSigner(), 'vc+jwt', payload)] })
  }

  function swapSignature(token: string): string {
    const other = signToken(newSigner(), 'vc+jwt', {}).split('.')[2]
    return [...token.split('.').slice(0, 2), other].join('.')
  }
})
