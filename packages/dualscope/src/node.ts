export { fromFile } from '@dualscope/core/node'
