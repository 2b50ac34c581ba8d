import { EventEmitter } from 'node:events'
import { expect } from 'chai'
import { formatEvent, openSubscribers } from './event-stream.ts'

class Sink extends EventEmitter {
  taken = ''
  writableLength = 0
  ended = false
  write(text: string) {
    this.taken += text
  }
  end() {
    this.ended = true
    this.emit('close')
  }
  destroy() {
    this.end()
  }
}

describe('subscribers of an event stream', () => {
  const stranger = { reserved: false, first: '' }
  const known = { reserved: true, first: '' }

  it('get what came first, then all that is sent, until they leave', () => {
    const subscribers = openSubscribers({ all: 2, reserved: 0 })
    const [one, other] = [new Sink(), new Sink()]
    subscribers.add(one, { reserved: false, first: 'a' })
    subscribers.send('b')
    subscribers.add(other, stranger)
    subscribers.send('c')
    one.end()
    subscribers.send('d')
    expect([one.taken, other.taken, subscribers.count]).to.deep.equal(['abc', 'cd', 1])
  })

  it('find no place beyond the last, and strangers none of those that are reserved', () => {
    const subscribers = openSubscribers({ all: 3, reserved: 2 })
    const first = new Sink()
    subscribers.add(first, stranger)
    expect(subscribers.hasPlace(false)).to.equal(false)
    const late = new Sink()
    subscribers.add(late, stranger)
    expect(late.ended).to.equal(true)
    subscribers.add(new Sink(), known)
    subscribers.add(new Sink(), known)
    expect(subscribers.hasPlace(true)).to.equal(false)
    first.end()
    expect([subscribers.hasPlace(true), subscribers.hasPlace(false)]).to.deep.equal([true, true])
  })

  it('are dropped when they do not take what they are sent, and hold up nobody', () => {
    const subscribers = openSubscribers({ all: 2, reserved: 0 })
    const [slow, other] = [new Sink(), new Sink()]
    subscribers.add(slow, stranger)
    subscribers.add(other, stranger)
    slow.writableLength = 2_000_000
    subscribers.send('a')
    expect([slow.ended, slow.taken, other.taken, subscribers.count]).to.deep.equal([true, '', 'a', 1])
  })
})

it('an event is written as the standard says', () => {
  expect(formatEvent('head', '{"a":1}', '0.7')).to.equal('id: 0.7\nevent: head\ndata: {"a":1}\n\n')
  expect(formatEvent('heartbeat', '"x"')).to.equal('event: heartbeat\ndata: "x"\n\n')
})
