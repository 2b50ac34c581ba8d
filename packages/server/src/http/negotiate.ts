import { DomainError } from '@consulate/core'
import type { Request, Response } from 'express'

/** Chooses one of these media types by the Accept header, the first one for who does not care. Throws `not_acceptable`. */
export type Negotiate = <Type extends string>(...types: Type[]) => Type

export function negotiate(request: Request, response: Response): Negotiate {
  return <Type extends string>(...types: Type[]) => {
    response.vary('Accept')
    const chosen = request.accepts(types)
    if (chosen === false)
      throw new DomainError('not_acceptable', `This is served as ${types.join(' or ')}; accept one of them.`)
    return chosen as Type
  }
}
