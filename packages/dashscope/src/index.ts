/**
 * The native DashScope generation protocol as a transport.
 *
 * @module @dualscope/dashscope
 */

export { codec, type NativeOptions } from './codec.ts'
export { dashscope, type DashscopeOptions } from './transport.ts'
