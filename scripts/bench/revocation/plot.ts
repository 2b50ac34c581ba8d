const WIDTH = 760
const HEIGHT = 420
const LEFT = 60
const RIGHT = 20
const TOP = 30
const BOTTOM = 50
const COLOURS = ['#0b6e4f', '#1f77b4', '#d95f02', '#b2182b']
const TICKS_MS = [1, 10, 100, 1_000, 10_000]
/** Of each curve; more of them cannot be told apart. */
const POINTS = 200

/** How many of the refusals had come after how long, for each mode: an SVG with a logarithmic axis of milliseconds. */
export function plot(modes: Record<string, number[]>): string {
  const x = (milliseconds: number) =>
    LEFT + ((WIDTH - LEFT - RIGHT) * Math.log10(Math.min(Math.max(milliseconds, 1), 10_000))) / 4
  const y = (share: number) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
  const text = (at: [number, number], words: string, anchor = 'middle', colour = '#222') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${words}</text>`
  const line = (from: [number, number], to: [number, number]) =>
    `<path d="M${from.join(',')}L${to.join(',')}" stroke="#ddd"/>`
  const lines = Object.entries(modes).map(([mode, latencies], index) => {
    const sorted = latencies.toSorted((a, b) => a - b)
    const points = Array.from({ length: POINTS + 1 }, (_, nth) => {
      const at = Math.floor(((sorted.length - 1) * nth) / POINTS)
      return `${x(sorted[at]!).toFixed(1)},${y((at + 1) / sorted.length).toFixed(1)}`
    })
    const colour = COLOURS[index % COLOURS.length]!
    const legend = text([LEFT + 10, TOP + 16 + 18 * index], mode, 'start', colour)
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>${legend}`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">`,
    '<title>How soon after a revocation the verifiers refuse</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...TICKS_MS.map(
      (ms) => line([x(ms), TOP], [x(ms), HEIGHT - BOTTOM]) + text([x(ms), HEIGHT - BOTTOM + 20], `${ms}`),
    ),
    ...[0, 0.5, 0.95, 1].map(
      (share) =>
        line([LEFT, y(share)], [WIDTH - RIGHT, y(share)]) + text([LEFT - 8, y(share) + 4], `${share * 100} %`, 'end'),
    ),
    text(
      [(LEFT + WIDTH) / 2, HEIGHT - 8],
      'milliseconds from sending the revoke call to the first refusal at a verifier',
    ),
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}
