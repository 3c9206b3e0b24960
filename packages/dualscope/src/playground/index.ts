export { createPlayground } from './server.ts'
export { chooseService } from './service.ts'
