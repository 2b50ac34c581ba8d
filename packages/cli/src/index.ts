export { main } from './main.ts'
export type { Endpoints } from './services/endpoints.ts'
export { type Consulate, type StartOptions, startAll } from './up/start-all.ts'
