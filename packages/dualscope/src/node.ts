/**
 * Local files as media, as in `@dualscope/core/node`.
 *
 * @module dualscope/node
 */

export { fromFile } from '@dualscope/core/node'
