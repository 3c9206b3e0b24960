export { codec } from './codec.ts'
export { compatible } from './transport.ts'
